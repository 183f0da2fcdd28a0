import { expect, test } from 'vitest';
import type { EspEncryption, EspIntegrity } from '../sa.ts';
import { cipherVectors } from '../testing/cipher-vectors.ts';
import { encryptionShapes, integrityShapes } from './algorithms.ts';
import { createNodeCrypto } from './node-crypto.ts';
import { counterVectors } from './testing/counter-vectors.ts';
import { allAlgorithms, parametersFor } from './testing/sealed.ts';

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

const header = '0000000100000001';

/** Seals and opens a packet of HMAC-SHA-1 with this IV, and finds the vector's octets between IV and ICV. */
function expectVector(encryption: EspEncryption, key: string, iv: string, plain: string, cipher: string) {
  const crypto = cryptoFor(encryption, hex(key), 'hmac-sha1-96', new Uint8Array(20));
  const pool = hex(header + iv + plain + '00'.repeat(12));
  const length = pool.length - 12;
  crypto.seal(pool, 0, length, 0);
  expect(text(pool.subarray(0, length))).toBe(header + iv + cipher);
  expect(crypto.open(pool, 0, length, 0)).toBe(true);
  expect(text(pool.subarray(0, length))).toBe(header + iv + plain);
}

test.each(cipherVectors)(
  'the cipher gives what the document prints: %s',
  (_, encryption, key, iv, plain, cipher) => {
    expectVector(encryption, key, iv, plain, cipher);
  },
);

test.each(cipherVectors)(
  'each packet is enciphered by itself, whatever went before: %s',
  (_, encryption, key, iv, plain, cipher) => {
    const crypto = cryptoFor(encryption, hex(key), 'hmac-sha1-96', new Uint8Array(20));
    const printed = () => hex(header + iv + plain + '00'.repeat(12));
    const other = printed().map((octet, index) => (index < 8 ? octet : octet ^ 0x5a));
    const [pool, length] = [printed(), other.length - 12];
    crypto.seal(other, 0, length, 0);
    crypto.seal(pool, 0, length, 0);
    expect(text(pool.subarray(0, length))).toBe(header + iv + cipher);
    // The first that was sealed comes last, as on a wire that reorders.
    expect(crypto.open(pool, 0, length, 0)).toBe(true);
    expect(text(pool.subarray(0, length))).toBe(header + iv + plain);
    expect(crypto.open(other, 0, length, 0)).toBe(true);
    expect(other.subarray(8, length)).toEqual(
      printed()
        .subarray(8, length)
        .map((octet) => octet ^ 0x5a),
    );
  },
);

test('AES-CTR is that of RFC 3686: nonce, IV and a block counter from one', () => {
  for (const [encryption, key, nonce, iv, plain, cipher] of counterVectors) {
    expectVector(encryption, key + nonce, iv, plain, cipher);
  }
});

test('NULL leaves the payload as it is (RFC 2410 2)', () => {
  expectVector('null', '', '', '0a0b0c0d', '0a0b0c0d');
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
  [
    'RFC 4868 2.7.2.2 AUTH384-1',
    'hmac-sha2-384-192',
    '0b'.repeat(48),
    ascii('Hi There'),
    'b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee9737a959796489bddbc4c5df61d5b3297b4fb68dab9f1b582c2',
  ],
  [
    'RFC 4868 2.7.2.2 AUTH384-2',
    'hmac-sha2-384-192',
    ascii('Jefe'.repeat(12)),
    ascii('what do ya want for nothing?'),
    '2c7353974f1842fd66d53c452ca42122b28c0b594cfb184da86a368e9b8e16f5349524ca4e82400cbde0686d403371c9',
  ],
  [
    'RFC 4868 2.7.2.3 AUTH512-1',
    'hmac-sha2-512-256',
    '0b'.repeat(64),
    ascii('Hi There'),
    '637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8ac2878ebd5803f6f0b61dbce5e251ff8789a4722c1be65aea45fd464e89f8f5b',
  ],
  [
    'RFC 4868 2.7.2.3 AUTH512-2',
    'hmac-sha2-512-256',
    ascii('Jefe'.repeat(16)),
    ascii('what do ya want for nothing?'),
    'cb370917ae8a7ce28cfd1d8f4705d6141c173b2a9362c15df235dfb251b154546aa334ae9fb9afc2184932d8695e397bfa0ffb93466cfcceaae38c833b7dba38',
  ],
  // The draft before RFC 4868 cuts to 96 bits.
  [
    'draft-ietf-ipsec-ciph-sha-256 test case 1',
    'hmac-sha2-256-96',
    Buffer.from(Array.from({ length: 32 }, (_, at) => at + 1)).toString('hex'),
    ascii('abc'),
    'a21b1f5d4cf4f73a4dd939750f7a066a7f98cc131cb16a6692759021cfab8181',
  ],
  [
    'draft-ietf-ipsec-ciph-sha-256 test case 4',
    'hmac-sha2-256-96',
    '0b'.repeat(32),
    ascii('Hi There'),
    '198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7',
  ],
];

/** A packet of NULL encryption is its own clear text, so that any data can be signed. */
test.each(macVectors)('the MAC gives what the document prints: %s', (_, integrity, key, data, mac) => {
  const crypto = cryptoFor('null', new Uint8Array(0), integrity, hex(key));
  const { icvLength } = integrityShapes[integrity];
  const length = data.length / 2;
  const pool = new Uint8Array(length + icvLength);
  pool.set(hex(data));
  crypto.seal(pool, 0, length, 0);
  expect(text(pool.subarray(length))).toBe(mac.slice(0, icvLength * 2));
  expect(crypto.open(pool, 0, length, 0)).toBe(true);
  for (const at of [0, length - 1, length, length + icvLength - 1]) {
    pool[at] = (pool[at] ?? 0) ^ 1;
    expect(crypto.open(pool, 0, length, 0)).toBe(false);
    pool[at] = (pool[at] ?? 0) ^ 1;
  }
});

test('the upper half of an extended sequence number is signed behind the packet (RFC 4303 2.2.1)', () => {
  // RFC 2202 3 case 2, of whose data the last four octets play the upper half: "ing?".
  const data = hex(ascii('what do ya want for nothing?'));
  const crypto = createNodeCrypto({
    spi: 1,
    algorithms: { encryption: 'null', integrity: 'hmac-sha1-96', extendedSequenceNumbers: true },
    encryptionKey: new Uint8Array(0),
    integrityKey: hex(ascii('Jefe')),
  });
  const length = data.length - 4;
  const pool = new Uint8Array(length + 12);
  pool.set(data.subarray(0, length));
  const high = new DataView(data.buffer).getUint32(length);
  crypto.seal(pool, 0, length, high);
  expect(text(pool.subarray(length))).toBe('effcdf6ae5eb2fa2d27416d5');
  expect(crypto.open(pool, 0, length, high)).toBe(true);
  expect(crypto.open(pool, 0, length, high + 1)).toBe(false);
});

test('a packet whose ICV does not hold stays as it was, whatever the cipher', () => {
  for (const algorithms of allAlgorithms) {
    const crypto = createNodeCrypto(parametersFor(algorithms));
    const { icvLength } = integrityShapes[algorithms.integrity];
    const length = 8 + encryptionShapes[algorithms.encryption].ivLength + 32;
    const pool = new Uint8Array(length + icvLength).fill(7);
    crypto.seal(pool, 0, length, 0);
    pool[length] = (pool[length] ?? 0) ^ 1;
    const before = Uint8Array.from(pool);
    expect(crypto.open(pool, 0, length, 0)).toBe(false);
    expect(pool).toEqual(before);
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
  const pool = new Uint8Array(24 + 32 + 12);
  pool.set(plain, 24);
  crypto.seal(pool, 0, 56, 0);
  // The same ciphertext, signed with another IV before it by a room without cipher.
  pool[23] = 1;
  const signer = cryptoFor('null', new Uint8Array(0), 'hmac-sha1-96', new Uint8Array(20));
  signer.seal(pool, 0, 56, 0);
  expect(crypto.open(pool, 0, 56, 0)).toBe(true);
  expect(pool.subarray(24, 40)).not.toEqual(plain.subarray(0, 16));
  expect(pool.subarray(40, 56)).toEqual(plain.subarray(16));
});
