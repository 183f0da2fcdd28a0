import { expect, test } from 'vitest';
import type { EspEncryption, EspIntegrity } from '../sa.ts';
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

const cipherVectors: [string, EspEncryption, string, string, string, string][] = [
  [
    'RFC 3602 4 case 1',
    'aes-cbc-128',
    '06a9214036b8a15b512e03d534120006',
    '3dafba429d9eb430b422da802c9fac41',
    ascii('Single block msg'),
    'e353779c1079aeb82708942dbe77181a',
  ],
  [
    'RFC 3602 4 case 2',
    'aes-cbc-128',
    'c286696d887c9aa0611bbb3e2025a45a',
    '562e17996d093d28ddb3ba695a2e6f58',
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    'd296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1',
  ],
  [
    'RFC 3602 4 case 3',
    'aes-cbc-128',
    '6c3ea0477630ce21a2ce334aa746c2cd',
    'c782dc4c098c66cbd9cd27d825682c81',
    ascii('This is a 48-byte message (exactly 3 AES blocks)'),
    'd0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684',
  ],
  [
    'RFC 3602 4 case 4',
    'aes-cbc-128',
    '56e47a38c5598974bc46903dba290349',
    '8ce82eefbea0da3c44699ed7db51b7d9',
    'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf',
    'c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55',
  ],
  [
    'NIST SP 800-38A F.2.3, first block',
    'aes-cbc-192',
    '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
    '000102030405060708090a0b0c0d0e0f',
    '6bc1bee22e409f96e93d7e117393172a',
    '4f021db243bc633d7178183a9fa071e8',
  ],
  [
    'NIST SP 800-38A F.2.5, first block',
    'aes-cbc-256',
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    '000102030405060708090a0b0c0d0e0f',
    '6bc1bee22e409f96e93d7e117393172a',
    'f58c4c04d6e5f1ba779eabfb5f7bfbd6',
  ],
  [
    'FIPS 81 table C1',
    'des-cbc',
    '0123456789abcdef',
    '1234567890abcdef',
    ascii('Now is the time for all '),
    'e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6',
  ],
  [
    'NIST SP 800-67 B.1, first block (ECB: one block of CBC with a zero IV)',
    '3des-cbc',
    '0123456789abcdef23456789abcdef01456789abcdef0123',
    '0000000000000000',
    ascii('The qufc'),
    'a826fd8ce53b855f',
  ],
  [
    'NIST CAVP TCBCMMT3 count 0',
    '3des-cbc',
    '627f460e08104a1043cd265d5840eaf1313edf97df2a8a8c',
    '8e29f75ea77e5475',
    '326a494cd33fe756',
    'b22b8d66de970692',
  ],
];

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
