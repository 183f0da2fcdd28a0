import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, hex, utf8 } from '../octets.ts';
import { hideValue, paddingFor, revealValue } from './hiding.ts';

const secret = 'tunnel secret';
const counting = Uint8Array.from({ length: 16 }, (_, index) => index);

// RFC 2661 gives no vectors: these were computed with Python's hashlib from the formula of section 4.3,
// by a program of its own that knows nothing of this one.
test.each([
  ['shorter than a digest', 9, counting, fromHex('000d'), fromHex(''), '9b7ae926'],
  [
    'of two blocks, with padding',
    33,
    counting,
    utf8('a password of the field'),
    fromHex('a1a2a3a4a5a6a7'),
    '5520a6cb60fea4d350f052fac2afa584801a2e15d7d73138c0297dcf44aa9be5',
  ],
  [
    'of three blocks, the last one short',
    33,
    new Uint8Array(20).fill(0xff),
    Uint8Array.from({ length: 40 }, (_, index) => index),
    fromHex(''),
    'b11d5576b4513a9783ebccf52bbd23624f55eea2fab06d8ae25e81509fea676b8ab52ae15d5f64c08fcd',
  ],
])(
  'a value %s is hidden as the formula of RFC 2661 4.3 says',
  (_what, type, vector, value, padding, hidden) => {
    expect(hex(hideValue(type, secret, vector, value, padding))).toBe(hidden);
    expect(revealValue(type, secret, vector, fromHex(hidden))).toEqual(value);
  },
);

test('another secret, type or random vector does not reveal it', () => {
  const value = fromHex('00112233');
  const hidden = hideValue(9, secret, counting, value, new Uint8Array(10));
  expect(revealValue(9, 'another', counting, hidden)).not.toEqual(value);
  expect(revealValue(10, secret, counting, hidden)).not.toEqual(value);
  expect(revealValue(9, secret, new Uint8Array(16), hidden)).not.toEqual(value);
});

test('any octets are revealed without an exception, and what was hidden comes back', () => {
  const octets = fc.uint8Array({ maxLength: 100 });
  fc.assert(
    fc.property(octets, octets, octets, fc.string(), (value, vector, padding, key) => {
      revealValue(1, key, vector, value);
      expect(revealValue(1, key, vector, hideValue(1, key, vector, value, padding))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test('padding fills up the last block of 16', () => {
  expect([0, 2, 13, 14, 15].map(paddingFor)).toEqual([14, 12, 1, 0, 15]);
});
