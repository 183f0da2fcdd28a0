import { createCipheriv, createDecipheriv, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { EspEncryption, EspIntegrity, SaParameters } from '../sa.ts';
import { encryptionShapes, integrityShapes } from './algorithms.ts';
import type { EspCrypto } from './crypto.ts';

/** Single DES is 3DES with one key three times: a stock OpenSSL 3 keeps DES itself in its legacy provider. */
const cipherNames: Readonly<Record<Exclude<EspEncryption, 'null'>, string>> = {
  'des-cbc': 'des-ede3-cbc',
  '3des-cbc': 'des-ede3-cbc',
  'aes-cbc-128': 'aes-128-cbc',
  'aes-cbc-192': 'aes-192-cbc',
  'aes-cbc-256': 'aes-256-cbc',
};

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
  const name = cipherNames[encryption];
  const secret = createSecretKey(encryption === 'des-cbc' ? Buffer.concat([key, key, key]) : key);
  return {
    encrypt(pool, ivOffset, offset, length) {
      const iv = pool.subarray(ivOffset, ivOffset + ivLength);
      const cipher = createCipheriv(name, secret, iv).setAutoPadding(false);
      pool.set(cipher.update(pool.subarray(offset, offset + length)), offset);
    },
    decrypt(pool, ivOffset, offset, length) {
      const iv = pool.subarray(ivOffset, ivOffset + ivLength);
      const decipher = createDecipheriv(name, secret, iv).setAutoPadding(false);
      pool.set(decipher.update(pool.subarray(offset, offset + length)), offset);
    },
  };
}
