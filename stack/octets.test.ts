import { expect, test } from 'vitest';
import { sameSecret } from './octets.ts';

test('a hash of another length or with one other bit is not the same', () => {
  expect(sameSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(sameSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(sameSecret(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
});
