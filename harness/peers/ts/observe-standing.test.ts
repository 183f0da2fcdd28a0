import { expect, test } from 'vitest';
import type { Fact } from '../../../stack/fact.ts';
import { observeStanding } from './observe-standing.ts';

const up: Fact = { fact: 'ipcp-opened', localAddress: '192.168.8.1', peerAddress: '192.168.8.254', dns: [] };
const rekeyed = (phase: 1 | 2, by: 'local' | 'peer'): Fact => ({ fact: 'rekeyed', phase, by });
const stray: Fact = { fact: 'packet-dropped', reason: 'unknown-spi', detail: '0x00000001' };
const of = (...facts: Fact[]) => observeStanding(facts.map((fact) => ({ fact })));

test('a connection that merely stands shows nothing of this', () => {
  expect(of(up)).toEqual({});
  expect(of()).toEqual({});
});

test('SAs that were replaced are counted by phase and by who began it', () => {
  expect(of(up, rekeyed(2, 'local'), rekeyed(1, 'local'), rekeyed(2, 'peer'))).toEqual({
    replaced: { phase1: { bySelf: 1, byPeer: 0 }, phase2: { bySelf: 1, byPeer: 1 } },
  });
});

test('a link that ended is told of, and one that came up again', () => {
  const closed: Fact = { fact: 'closed', layer: 'ppp', by: 'timeout', detail: '3 LCP echo requests' };
  expect(of(up, closed, up)).toEqual({
    linkLost: ['ppp ended (timeout: 3 LCP echo requests)', 'PPP came up once more'],
  });
  // An SA that ends is no link.
  expect(of(up, { ...closed, layer: 'phase2' })).toEqual({});
});

test('ESP for no SA counts once the link is up, and nothing else that is dropped does', () => {
  expect(of(stray, up, stray, { ...stray, reason: 'replayed' })).toEqual({ strayEsp: 1 });
});
