import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat } from '../octets.ts';
import type { Phase1Transform } from './config.ts';

export type EncryptionName = Phase1Transform['encryption'];

interface CipherShape {
  /** Octets of key that are derived and used (RFC 2409 appendix B, RFC 3602 2.1). */
  readonly keyLength: number;
  readonly blockLength: number;
  readonly openssl: string;
}

/**
 * Single DES is written as triple DES with one key three times, which is the same permutation:
 * OpenSSL 3 keeps DES itself in its legacy provider, which a stock Node does not load.
 */
export const ciphers: Readonly<Record<EncryptionName, CipherShape>> = {
  'des-cbc': { keyLength: 8, blockLength: 8, openssl: 'des-ede3-cbc' },
  '3des-cbc': { keyLength: 24, blockLength: 8, openssl: 'des-ede3-cbc' },
  'aes-cbc-128': { keyLength: 16, blockLength: 16, openssl: 'aes-128-cbc' },
  'aes-cbc-192': { keyLength: 24, blockLength: 16, openssl: 'aes-192-cbc' },
  'aes-cbc-256': { keyLength: 32, blockLength: 16, openssl: 'aes-256-cbc' },
};

/** Encrypts whole blocks in CBC mode, without padding of its own. */
export function encryptCbc(
  name: EncryptionName,
  key: Uint8Array,
  iv: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv(ciphers[name].openssl, opensslKey(name, key), iv).setAutoPadding(false);
  return concat(cipher.update(plain), cipher.final());
}

/** Decrypts whole blocks in CBC mode. */
export function decryptCbc(
  name: EncryptionName,
  key: Uint8Array,
  iv: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  const cipher = createDecipheriv(ciphers[name].openssl, opensslKey(name, key), iv).setAutoPadding(false);
  return concat(cipher.update(sealed), cipher.final());
}

function opensslKey(name: EncryptionName, key: Uint8Array): Uint8Array {
  return name === 'des-cbc' ? concat(key, key, key) : key;
}
