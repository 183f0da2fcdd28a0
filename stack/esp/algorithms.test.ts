import { expect, test } from 'vitest';
import type { EspEncryption, EspIntegrity } from '../sa.ts';
import { encryptionShapes, espKeyLengths, integrityShapes } from './algorithms.ts';

// Key lengths: RFC 2410 (NULL), 2405 (DES), 2451 2.2 (3DES), 3602 (AES), 2403, 2404, 4868 2.1.
test.each<[EspEncryption, EspIntegrity, number, number]>([
  ['null', 'hmac-md5-96', 0, 16],
  ['des-cbc', 'hmac-md5-96', 8, 16],
  ['3des-cbc', 'hmac-sha1-96', 24, 20],
  ['aes-cbc-128', 'hmac-sha1-96', 16, 20],
  ['aes-cbc-192', 'hmac-sha1-96', 24, 20],
  ['aes-cbc-256', 'hmac-sha2-256-128', 32, 32],
])(
  '%s with %s takes %i and %i octets of KEYMAT',
  (encryption, integrity, encryptionOctets, integrityOctets) => {
    expect(espKeyLengths({ encryption, integrity })).toEqual({
      encryption: encryptionOctets,
      integrity: integrityOctets,
    });
  },
);

test('every explicit IV is one block, and NULL has none (RFC 2410 3, 2451 3, 3602 3)', () => {
  for (const [name, shape] of Object.entries(encryptionShapes)) {
    expect(shape.ivLength).toBe(name === 'null' ? 0 : shape.blockLength);
  }
});

test('the ICV is 96 bits for MD5 and SHA-1 and 128 for SHA-256 (RFC 2403, 2404, 4868 2.3)', () => {
  expect(integrityShapes['hmac-md5-96'].icvLength * 8).toBe(96);
  expect(integrityShapes['hmac-sha1-96'].icvLength * 8).toBe(96);
  expect(integrityShapes['hmac-sha2-256-128'].icvLength * 8).toBe(128);
});
