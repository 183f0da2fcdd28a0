import { expect, test } from 'vitest';
import type { EspEncryption, EspIntegrity } from '../sa.ts';
import { encryptionShapes, espKeyLengths, goTogether, integrityShapes } from './algorithms.ts';
import { createSa } from './packet.ts';
import { parametersFor } from './testing/sealed.ts';

// Key lengths: RFC 2410 (NULL), 2405 (DES), 2451 2.2 (3DES), 3602 (AES), 2403, 2404, 4868 2.1; with a nonce of
// four octets RFC 3686 5.1 and with a salt of four RFC 4106 8.1.
test.each<[EspEncryption, EspIntegrity, number, number]>([
  ['null', 'hmac-md5-96', 0, 16],
  ['des-cbc', 'hmac-md5-96', 8, 16],
  ['3des-cbc', 'hmac-sha1-96', 24, 20],
  ['aes-cbc-128', 'hmac-sha1-96', 16, 20],
  ['aes-cbc-192', 'hmac-sha1-96', 24, 20],
  ['aes-cbc-256', 'hmac-sha2-256-128', 32, 32],
  ['aes-cbc-256', 'hmac-sha2-256-96', 32, 32],
  ['aes-cbc-256', 'hmac-sha2-384-192', 32, 48],
  ['aes-cbc-256', 'hmac-sha2-512-256', 32, 64],
  ['aes-ctr-128', 'hmac-sha1-96', 20, 20],
  ['aes-ctr-192', 'hmac-sha1-96', 28, 20],
  ['aes-ctr-256', 'hmac-sha1-96', 36, 20],
  ['aes-gcm-16-128', 'none', 20, 0],
  ['aes-gcm-16-192', 'none', 28, 0],
  ['aes-gcm-16-256', 'none', 36, 0],
])(
  '%s with %s takes %i and %i octets of KEYMAT',
  (encryption, integrity, encryptionOctets, integrityOctets) => {
    expect(espKeyLengths({ encryption, integrity })).toEqual({
      encryption: encryptionOctets,
      integrity: integrityOctets,
    });
  },
);

test('the explicit IV of a block cipher is one block, that of a counter mode 8 octets, and NULL has none', () => {
  // RFC 2405 3, 2451 3, 3602 3; 3686 3.1 and 4106 3.1; 2410 3.
  for (const [name, shape] of Object.entries(encryptionShapes)) {
    const counts = name.startsWith('aes-ctr') || name.startsWith('aes-gcm');
    expect(shape.ivLength).toBe(name === 'null' ? 0 : counts ? 8 : shape.blockLength);
    expect(shape.iv).toBe(name === 'null' ? 'none' : counts ? 'counted' : 'drawn');
  }
});

test('ICVs are of the lengths of RFC 2403, 2404, 4868 2.3 and 4106 6', () => {
  const bits = Object.entries(integrityShapes).map(([name, { icvLength }]) => [name, icvLength * 8]);
  expect(Object.fromEntries(bits)).toEqual({
    none: 128,
    'hmac-md5-96': 96,
    'hmac-sha1-96': 96,
    'hmac-sha2-256-96': 96,
    'hmac-sha2-256-128': 128,
    'hmac-sha2-384-192': 192,
    'hmac-sha2-512-256': 256,
  });
});

test('no cipher goes without integrity, and a combined one takes no other beside its own (RFC 4303 3.2.3)', () => {
  expect(goTogether({ encryption: 'aes-gcm-16-128', integrity: 'none' })).toBe(true);
  expect(goTogether({ encryption: 'aes-cbc-128', integrity: 'hmac-sha1-96' })).toBe(true);
  for (const wrong of [
    { encryption: 'aes-gcm-16-128', integrity: 'hmac-sha1-96' },
    { encryption: 'aes-cbc-128', integrity: 'none' },
    { encryption: 'null', integrity: 'none' },
  ] as const) {
    expect(goTogether(wrong)).toBe(false);
    expect(() => createSa(parametersFor(wrong), 64)).toThrow('do not go together');
  }
});
