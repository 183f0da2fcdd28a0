import { expect, test } from 'vitest';
import { EarlyMessages } from './early-messages.ts';

test('a message is held once and taken once', () => {
  const early = new EarlyMessages<string>();
  early.hold(5, 'first', 10);
  early.hold(5, 'repeated', 10);
  expect(early.has(5)).toBe(true);
  expect([early.take(5), early.take(5), early.size]).toEqual(['first', undefined, 0]);
});

test('no more than 100 messages and 65536 octets are held, and what is taken makes room', () => {
  const many = new EarlyMessages<number>();
  for (let ns = 0; ns < 1000; ns++) many.hold(ns, ns, 1);
  expect(many.size).toBe(100);

  const large = new EarlyMessages<number>();
  for (let ns = 0; ns < 10; ns++) large.hold(ns, ns, 0x8000);
  expect(large.size).toBe(2);
  large.take(0);
  large.hold(9, 9, 0x8000);
  expect(large.has(9)).toBe(true);
  large.clear();
  large.hold(10, 10, 0x1_0000);
  expect(large.size).toBe(1);
});
