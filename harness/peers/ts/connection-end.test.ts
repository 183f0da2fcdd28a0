import { expect, test } from 'vitest';
import type { Fact } from '../../../stack/fact.ts';
import { ConnectionEnd } from './connection-end.ts';

const local = { ip: '198.18.1.10', port: 500 };
const peer = { ip: '198.18.2.10', port: 500 };
const message = (transmission: number, direction: 'sent' | 'received' = 'sent'): Fact => ({
  fact: 'ike-message',
  direction,
  exchange: 'main-mode',
  message: 1,
  transmission,
  messageId: 0,
  local,
  peer,
});

test('three unanswered transmissions decide, which the fourth one shows', () => {
  const end = new ConnectionEnd();
  expect([1, 2, 3, 4].map((transmission) => end.decides(message(transmission)))).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

test('what is received decides nothing, however often it comes', () => {
  expect(new ConnectionEnd().decides(message(9, 'received'))).toBe(false);
});

test('a refusal decides at once', () => {
  const end = new ConnectionEnd();
  expect(end.decides({ fact: 'ike-failed', phase: 1, reason: 'no-proposal-chosen', detail: '' })).toBe(true);
  expect(end.decides({ fact: 'ppp-failed', layer: 'auth', reason: 'auth-failed', detail: '' })).toBe(true);
});

test('ESP withheld three times decides; an SA that the client itself replaces does not', () => {
  const end = new ConnectionEnd();
  const facts: Fact[] = [1, 2, 3].flatMap((): Fact[] => [
    { fact: 'esp-withheld', detail: '' },
    { fact: 'closed', layer: 'phase2', by: 'local', detail: '' },
  ]);
  expect(facts.map((fact) => end.decides(fact))).toEqual([false, false, false, false, true, false]);
});

test('an end that the peer brings decides', () => {
  expect(new ConnectionEnd().decides({ fact: 'closed', layer: 'phase1', by: 'peer', detail: '' })).toBe(true);
});
