import { expect, test } from 'vitest';
import { isWholePublicValue, publicValueLength } from './public-value.ts';

/** Main mode message 3 of RFC 2409 5.4 behind a vendor ID: header, VID, KE, nonce. */
function message3(publicValue: number, flags = 0): Uint8Array {
  const payload = (next: number, octets: number) => [next, 0, (octets + 4) >> 8, (octets + 4) & 0xff];
  const header = new Array(28).fill(0);
  header[16] = 13;
  header[19] = flags;
  return Uint8Array.from([
    ...[...header, ...payload(4, 16), ...new Array(16).fill(7)],
    ...[...payload(10, publicValue), ...new Array(publicValue).fill(9)],
    ...[...payload(0, 8), ...new Array(8).fill(5)],
  ]);
}

test('the public value is measured wherever it stands', () => {
  expect(publicValueLength(message3(256))).toBe(256);
  expect(publicValueLength(message3(255))).toBe(255);
});

test('nothing is measured in what is encrypted, cut off or has no such payload', () => {
  expect(publicValueLength(message3(256, 1))).toBeUndefined();
  expect(publicValueLength(message3(256).subarray(0, 200))).toBeUndefined();
  expect(publicValueLength(new Uint8Array(28))).toBeUndefined();
  expect(publicValueLength(new Uint8Array(5))).toBeUndefined();
});

test('a value that lost its leading zero has the length of no group', () => {
  expect([96, 128, 192, 256, 384, 512, 64].every(isWholePublicValue)).toBe(true);
  expect([95, 127, 191, 255, 0].some(isWholePublicValue)).toBe(false);
});
