import { expect, test } from 'vitest';
import type { Fact } from '../../../stack/fact.ts';
import { observeEnding } from './observe-ending.ts';

const up: Fact = { fact: 'ipcp-opened', localAddress: '192.168.8.50', peerAddress: '192.168.2.1', dns: [] };
const ended = (direction: 'sent' | 'received', message: 'CDN' | 'StopCCN'): Fact => ({
  fact: 'l2tp-ended',
  direction,
  message,
  detail: '',
});
const closed = (layer: 'ppp' | 'l2tp' | 'phase2' | 'phase1', by: 'local' | 'peer' | 'timeout'): Fact => ({
  fact: 'closed',
  layer,
  by,
  detail: '',
});
const message = (direction: 'sent' | 'received', name: string): Fact => ({
  fact: 'l2tp-message',
  direction,
  message: name,
  transmission: 1,
});
const ending = (...facts: readonly Fact[]) => observeEnding(facts.map((fact) => ({ fact })));

test('a client says the end of PPP and L2TP; of deletes no fact says that they were sent', () => {
  expect(
    ending(
      up,
      closed('ppp', 'local'),
      ended('sent', 'CDN'),
      ended('sent', 'StopCCN'),
      message('sent', 'StopCCN'),
      message('received', 'ZLB'),
      closed('l2tp', 'local'),
      closed('phase2', 'local'),
      closed('phase1', 'local'),
    ),
  ).toEqual({ said: ['ppp', 'l2tp-session', 'l2tp-tunnel'], heard: [], acknowledged: true });
});

test('a responder hears each layer, and says CDN itself where PPP ended first (RFC 2661 5.6)', () => {
  expect(
    ending(
      up,
      closed('ppp', 'peer'),
      ended('sent', 'CDN'),
      ended('received', 'CDN'),
      ended('received', 'StopCCN'),
      closed('l2tp', 'peer'),
      closed('phase2', 'peer'),
      closed('phase1', 'peer'),
    ),
  ).toEqual({ said: ['l2tp-session'], heard: ['ppp', 'l2tp-session', 'l2tp-tunnel', 'phase2', 'phase1'] });
});

test('a StopCCN that was repeated in vain was not acknowledged, whatever was acknowledged before', () => {
  const [sent, received] = [message('sent', 'StopCCN'), message('received', 'ZLB')];
  expect(ending(up, sent, received, sent, sent, closed('l2tp', 'local')).acknowledged).toBe(false);
  expect(ending(up, sent, sent, received, closed('l2tp', 'local')).acknowledged).toBe(true);
  expect(ending(up, received).acknowledged).toBeUndefined();
});

test('what ended by time alone nobody said, and what was before the link came up last is of another connection', () => {
  expect(ending(up, closed('ppp', 'timeout'), closed('phase2', 'timeout'))).toEqual({ said: [], heard: [] });
  expect(ending(up, ended('sent', 'CDN'), closed('phase1', 'peer'), up)).toEqual({ said: [], heard: [] });
});
