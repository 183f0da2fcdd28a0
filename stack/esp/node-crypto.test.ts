import { expect, test } from 'vitest';
import type { EspEncryption, EspIntegrity } from '../sa.ts';
import { cipherVectors } from '../testing/cipher-vectors.ts';
import { encryptionShapes, integrityShapes } from './algorithms.ts';
import { createNodeCrypto } from './node-crypto.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const ascii = (string: string) => Buffer.from(string).toString('hex');

function cryptoFor(
  encryption: EspEncryption,
  encryptionKey: Uint8Array,
  integrity: EspIntegrity,
  integrityKey: Uint8Array,
) {
  return createNodeCrypto({ spi: 1, algorithms: { encryption, integrity }, encryptionKey, integrityKey });
}

test.each(cipherVectors)('%s', (_, encryption, key, iv, plain, cipher) => {
  const crypto = cryptoFor(encryption, hex(key), 'hmac-sha1-96', new Uint8Array(20));
  const { ivLength } = encryptionShapes[encryption];
  const pool = hex(iv + plain);
  crypto.encrypt(pool, 0, ivLength, pool.length - ivLength);
  expect(text(pool)).toBe(iv + cipher);
  crypto.decrypt(pool, 0, ivLength, pool.length - ivLength);
  expect(text(pool)).toBe(iv + plain);
});

// The whole MAC of each published vector, of which ESP keeps the first octets.
const macVectors: [string, EspIntegrity, string, string, string][] = [
  [
    'RFC 2202 2 case 1',
    'hmac-md5-96',
    '0b'.repeat(16),
    ascii('Hi There'),
    '9294727a3638bb1c13f48ef8158bfc9d',
  ],
  [
    'RFC 2202 2 case 2',
    'hmac-md5-96',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '750c783e6ab0b503eaa86e310a5db738',
  ],
  ['RFC 2202 2 case 3', 'hmac-md5-96', 'aa'.repeat(16), 'dd'.repeat(50), '56be34521d144c88dbb8c733f0e8b3f6'],
  [
    'RFC 2202 2 case 5, digest-96',
    'hmac-md5-96',
    '0c'.repeat(16),
    ascii('Test With Truncation'),
    '56461ef2342edc00f9bab995',
  ],
  [
    'RFC 2202 2 case 6',
    'hmac-md5-96',
    'aa'.repeat(80),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    '6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd',
  ],
  [
    'RFC 2202 3 case 1',
    'hmac-sha1-96',
    '0b'.repeat(20),
    ascii('Hi There'),
    'b617318655057264e28bc0b6fb378c8ef146be00',
  ],
  [
    'RFC 2202 3 case 2',
    'hmac-sha1-96',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  ],
  [
    'RFC 2202 3 case 3',
    'hmac-sha1-96',
    'aa'.repeat(20),
    'dd'.repeat(50),
    '125d7342b9ac11cd91a39af48aa17b4f63f175d3',
  ],
  [
    'RFC 2202 3 case 5, digest-96',
    'hmac-sha1-96',
    '0c'.repeat(20),
    ascii('Test With Truncation'),
    '4c1a03424b55e07fe7f27be1',
  ],
  [
    'RFC 2202 3 case 6',
    'hmac-sha1-96',
    'aa'.repeat(80),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    'aa4ae5e15272d00e95705637ce8a3b55ed402112',
  ],
  [
    'RFC 4231 4.2',
    'hmac-sha2-256-128',
    '0b'.repeat(20),
    ascii('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    'RFC 4231 4.3',
    'hmac-sha2-256-128',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  // Test case 5 is printed cut to 128 bits, just as ESP cuts it.
  [
    'RFC 4231 4.6',
    'hmac-sha2-256-128',
    '0c'.repeat(20),
    ascii('Test With Truncation'),
    'a3b6167473100ee06e0c796c2955552b',
  ],
  [
    'RFC 4868 2.7.2.1 AUTH256-1',
    'hmac-sha2-256-128',
    '0b'.repeat(32),
    ascii('Hi There'),
    '198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7',
  ],
  [
    'RFC 4868 2.7.2.1 AUTH256-2',
    'hmac-sha2-256-128',
    ascii('JefeJefeJefeJefeJefeJefeJefeJefe'),
    ascii('what do ya want for nothing?'),
    '167f928588c5cc2eef8e3093caa0e87c9ff566a14794aa61648d81621a2a40c6',
  ],
  [
    'RFC 4868 2.7.2.1 AUTH256-3',
    'hmac-sha2-256-128',
    'aa'.repeat(32),
    'dd'.repeat(50),
    'cdcb1220d1ecccea91e53aba3092f962e549fe6ce9ed7fdc43191fbde45c30b0',
  ],
];

test.each(macVectors)('%s', (_, integrity, key, data, mac) => {
  const crypto = cryptoFor('null', new Uint8Array(0), integrity, hex(key));
  const { icvLength } = integrityShapes[integrity];
  const length = data.length / 2;
  const pool = new Uint8Array(length + icvLength);
  pool.set(hex(data));
  crypto.sign(pool, 0, length);
  expect(text(pool.subarray(length))).toBe(mac.slice(0, icvLength * 2));
  expect(crypto.verify(pool, 0, length)).toBe(true);
  for (const at of [0, length - 1, length, length + icvLength - 1]) {
    pool[at] = (pool[at] ?? 0) ^ 1;
    expect(crypto.verify(pool, 0, length)).toBe(false);
    pool[at] = (pool[at] ?? 0) ^ 1;
  }
});

test('a wrong IV spoils the first block and only that', () => {
  const crypto = cryptoFor(
    'aes-cbc-128',
    hex('06a9214036b8a15b512e03d534120006'),
    'hmac-sha1-96',
    new Uint8Array(20),
  );
  const plain = new Uint8Array(32).fill(7);
  const pool = new Uint8Array(48);
  pool.set(plain, 16);
  crypto.encrypt(pool, 0, 16, 32);
  pool[15] = 1;
  crypto.decrypt(pool, 0, 16, 32);
  expect(pool.subarray(16, 32)).not.toEqual(plain.subarray(0, 16));
  expect(pool.subarray(32)).toEqual(plain.subarray(16));
});
