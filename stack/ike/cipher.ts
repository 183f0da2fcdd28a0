import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { type CbcCipher, opensslCipher } from '../cbc.ts';
import { concat } from '../octets.ts';

/** Encrypts whole blocks in CBC mode, without padding of its own. */
export function encryptCbc(
  cipher: CbcCipher,
  key: Uint8Array,
  iv: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  const openssl = opensslCipher(cipher, key);
  const state = createCipheriv(openssl.name, createSecretKey(openssl.key), iv).setAutoPadding(false);
  return concat(state.update(plain), state.final());
}

/** Decrypts whole blocks in CBC mode. */
export function decryptCbc(
  cipher: CbcCipher,
  key: Uint8Array,
  iv: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  const openssl = opensslCipher(cipher, key);
  const state = createDecipheriv(openssl.name, createSecretKey(openssl.key), iv).setAutoPadding(false);
  return concat(state.update(sealed), state.final());
}
