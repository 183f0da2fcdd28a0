import { concat } from './octets.ts';

/** The ciphers of ISAKMP messages and of ESP packets, all of them in CBC mode. */
export type CbcCipher = 'des-cbc' | '3des-cbc' | 'aes-cbc-128' | 'aes-cbc-192' | 'aes-cbc-256';

/** Octets that matter to key derivation and to the format of what is encrypted. */
export interface CipherShape {
  /** Parity bits included. */
  readonly keyLength: number;
  /** What the padding fills up; 1 for a cipher without blocks. */
  readonly blockLength: number;
  readonly ivLength: number;
}

/**
 * DES: RFC 2405. 3DES: RFC 2451 2.2. AES: RFC 3602 2.1 and 3; its key length is an attribute of the
 * transform (RFC 2407 4.5, RFC 2409 appendix A), here part of the name.
 */
export const cbcShapes: Readonly<Record<CbcCipher, CipherShape>> = {
  'des-cbc': { keyLength: 8, blockLength: 8, ivLength: 8 },
  '3des-cbc': { keyLength: 24, blockLength: 8, ivLength: 8 },
  'aes-cbc-128': { keyLength: 16, blockLength: 16, ivLength: 16 },
  'aes-cbc-192': { keyLength: 24, blockLength: 16, ivLength: 16 },
  'aes-cbc-256': { keyLength: 32, blockLength: 16, ivLength: 16 },
};

const opensslNames: Readonly<Record<CbcCipher, string>> = {
  'des-cbc': 'des-ede3-cbc',
  '3des-cbc': 'des-ede3-cbc',
  'aes-cbc-128': 'aes-128-cbc',
  'aes-cbc-192': 'aes-192-cbc',
  'aes-cbc-256': 'aes-256-cbc',
};

/**
 * Name and key for node:crypto. Single DES is written as triple DES with one key three times, which is
 * the same permutation: OpenSSL 3 keeps DES itself in its legacy provider, which a stock Node does not load.
 */
export function opensslCipher(
  cipher: CbcCipher,
  key: Uint8Array,
): { readonly name: string; readonly key: Uint8Array } {
  return { name: opensslNames[cipher], key: cipher === 'des-cbc' ? concat(key, key, key) : key };
}
