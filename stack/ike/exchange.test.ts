import { expect, test } from 'vitest';
import { Exchange } from './exchange.ts';

const ends = { local: { ip: '10.0.0.1', port: 500 }, peer: { ip: '198.18.0.2', port: 500 } };
const elsewhere = { ...ends, peer: { ip: '198.18.0.2', port: 61_000 } };
const timing = { firstGapMs: 1000, backoff: 2, maximumGapMs: 3000, transmissions: 4 };
const sentTo = (effects: ReturnType<Exchange['repeated']>) =>
  effects.flatMap((effect) => (effect.effect === 'send-ike' ? [[effect.peer.port, effect.message]] : []));

test('a request is repeated with growing gaps and then given up', () => {
  const exchange = new Exchange('main-mode', 0, timing, 32);
  const message = Uint8Array.of(1);
  expect(sentTo(exchange.request(message, 1, ends, 0))).toEqual([[500, message]]);
  // Gaps of 1, 2 and 3 s (the longest allowed), then 3 s of patience.
  const instants = [];
  for (;;) {
    const due = exchange.deadline;
    if (due === undefined) break;
    expect(exchange.tick(due - 1, ends)).toEqual([]);
    instants.push([due, exchange.tick(due, ends) === 'gave-up' ? 'gave-up' : 'sent']);
  }
  expect(instants).toEqual([
    [1000, 'sent'],
    [3000, 'sent'],
    [6000, 'sent'],
    [9000, 'gave-up'],
  ]);
});

test('transmissions are counted in the facts', () => {
  const exchange = new Exchange('quick-mode', 7, timing, 32);
  exchange.request(Uint8Array.of(1), 1, ends, 0);
  expect(exchange.tick(1000, ends)).toMatchObject([
    { fact: { fact: 'ike-message', direction: 'sent', message: 1, transmission: 2, messageId: 7 } },
    { effect: 'send-ike' },
  ]);
});

test('a new message ends the repetition', () => {
  const exchange = new Exchange('main-mode', 0, timing, 32);
  exchange.request(Uint8Array.of(1), 1, ends, 0);
  exchange.accept(Uint8Array.of(2), 2, ends);
  expect(exchange.deadline).toBeUndefined();
});

test('a repeated message gets the same octets again, to where it came from, and is not taken as new', () => {
  const exchange = new Exchange('main-mode', 0, timing, 32);
  const [question, answer] = [Uint8Array.of(1), Uint8Array.of(2)];
  expect(exchange.hasReceived(question)).toBe(false);
  exchange.accept(question, 1, ends);
  exchange.answer(answer, 2, ends);
  expect(exchange.hasReceived(Uint8Array.of(1))).toBe(true);
  const effects = exchange.repeated(Uint8Array.of(1), elsewhere);
  expect(sentTo(effects)).toEqual([[61_000, answer]]);
  expect(effects[0]).toMatchObject({ fact: { direction: 'received', message: 1, transmission: 2 } });
  expect(exchange.repeated(Uint8Array.of(9), ends)).toEqual([]);
});

test('what was received keeps its octets when the caller reuses the buffer', () => {
  const exchange = new Exchange('main-mode', 0, timing, 32);
  const buffer = Uint8Array.of(1);
  exchange.accept(buffer, 1, ends);
  buffer[0] = 9;
  expect(exchange.hasReceived(Uint8Array.of(1))).toBe(true);
});
