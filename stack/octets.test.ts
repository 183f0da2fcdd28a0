import { expect, test } from 'vitest';
import { copied, sameSecret, unwritten } from './octets.ts';

test('a hash of another length or with one other bit is not the same', () => {
  expect(sameSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(sameSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(sameSecret(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
});

test("a copy is nobody else's: neither the original nor another copy changes with it", () => {
  const original = Uint8Array.of(1, 2, 3);
  const [one, other] = [copied(original), copied(original)];
  one[0] = 9;
  expect([...original, ...one, ...other]).toEqual([1, 2, 3, 9, 2, 3, 1, 2, 3]);
  // A Buffer's slice would be a view.
  const part = one.slice(1);
  part[0] = 7;
  expect([...one]).toEqual([9, 2, 3]);
});

test('octets to be written are as many as were asked for, also more than share a buffer', () => {
  expect([0, 1, 1500, 65_535].map((length) => unwritten(length).length)).toEqual([0, 1, 1500, 65_535]);
});
