import { createCipheriv, createDecipheriv, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { opensslCipher } from '../cbc.ts';
import type { EspEncryption, EspIntegrity, SaParameters } from '../sa.ts';
import { encryptionShapes, integrityShapes } from './algorithms.ts';
import type { EspCrypto } from './crypto.ts';

const hashNames: Readonly<Record<EspIntegrity, string>> = {
  'hmac-md5-96': 'md5',
  'hmac-sha1-96': 'sha1',
  'hmac-sha2-256-128': 'sha256',
};

/** ESP's ciphers and MACs by node:crypto, one cipher and one HMAC object for each packet: simple, not fast. */
export function createNodeCrypto(parameters: SaParameters): EspCrypto {
  const { encryption, integrity } = parameters.algorithms;
  const { icvLength } = integrityShapes[integrity];
  const hashName = hashNames[integrity];
  const integrityKey = createSecretKey(parameters.integrityKey);

  function mac(pool: Uint8Array, offset: number, length: number): Uint8Array {
    const digest = createHmac(hashName, integrityKey)
      .update(pool.subarray(offset, offset + length))
      .digest();
    return digest.subarray(0, icvLength);
  }

  return {
    ...createNodeCipher(encryption, parameters.encryptionKey),
    sign(pool, offset, length) {
      pool.set(mac(pool, offset, length), offset + length);
    },
    verify(pool, offset, length) {
      const claimed = pool.subarray(offset + length, offset + length + icvLength);
      return timingSafeEqual(mac(pool, offset, length), claimed);
    },
  };
}

function createNodeCipher(
  encryption: EspEncryption,
  key: Uint8Array,
): Pick<EspCrypto, 'encrypt' | 'decrypt'> {
  if (encryption === 'null') return { encrypt() {}, decrypt() {} };
  const { ivLength } = encryptionShapes[encryption];
  const openssl = opensslCipher(encryption, key);
  const secret = createSecretKey(openssl.key);
  return {
    encrypt(pool, ivOffset, offset, length) {
      const iv = pool.subarray(ivOffset, ivOffset + ivLength);
      const cipher = createCipheriv(openssl.name, secret, iv).setAutoPadding(false);
      pool.set(cipher.update(pool.subarray(offset, offset + length)), offset);
    },
    decrypt(pool, ivOffset, offset, length) {
      const iv = pool.subarray(ivOffset, ivOffset + ivLength);
      const decipher = createDecipheriv(openssl.name, secret, iv).setAutoPadding(false);
      pool.set(decipher.update(pool.subarray(offset, offset + length)), offset);
    },
  };
}
