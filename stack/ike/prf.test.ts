import { expect, test } from 'vitest';
import { hex } from '../octets.ts';
import { digest, type HashName, prf } from './prf.ts';

const ascii = (text: string) => new Uint8Array(Buffer.from(text));

// RFC 2202 2 and 3 (cases 1 and 2), RFC 4231 4.2 and 4.3: key and data, then the whole HMAC.
const vectors: [string, HashName, Uint8Array, Uint8Array, string][] = [
  [
    'RFC 2202 MD5 1',
    'md5',
    new Uint8Array(16).fill(0x0b),
    ascii('Hi There'),
    '9294727a3638bb1c13f48ef8158bfc9d',
  ],
  [
    'RFC 2202 MD5 2',
    'md5',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '750c783e6ab0b503eaa86e310a5db738',
  ],
  [
    'RFC 2202 SHA-1 1',
    'sha1',
    new Uint8Array(20).fill(0x0b),
    ascii('Hi There'),
    'b617318655057264e28bc0b6fb378c8ef146be00',
  ],
  [
    'RFC 2202 SHA-1 2',
    'sha1',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  ],
  [
    'RFC 4231 SHA-256 1',
    'sha2-256',
    new Uint8Array(20).fill(0x0b),
    ascii('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    'RFC 4231 SHA-256 2',
    'sha2-256',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'RFC 4231 SHA-384 1',
    'sha2-384',
    new Uint8Array(20).fill(0x0b),
    ascii('Hi There'),
    'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
  ],
  [
    'RFC 4231 SHA-384 2',
    'sha2-384',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  ],
  [
    'RFC 4231 SHA-512 1',
    'sha2-512',
    new Uint8Array(20).fill(0x0b),
    ascii('Hi There'),
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde' +
      'daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  ],
  [
    'RFC 4231 SHA-512 2',
    'sha2-512',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554' +
      '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
];

test.each(vectors)('%s', (_, hash, key, data, expected) => {
  expect(hex(prf(hash, key, data))).toBe(expected);
  expect(hex(prf(hash, key, data.subarray(0, 3), data.subarray(3)))).toBe(expected);
});

// RFC 1321 A.5 and FIPS 180 (the "abc" examples).
test.each([
  ['md5', '900150983cd24fb0d6963f7d28e17f72'],
  ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['sha2-256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'sha2-384',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  ],
  [
    'sha2-512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
] as const)('%s of "abc"', (hash, expected) => {
  expect(hex(digest(hash, ascii('a'), ascii('bc')))).toBe(expected);
});
