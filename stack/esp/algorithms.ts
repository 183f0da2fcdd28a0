import type { EspAlgorithms, EspEncryption, EspIntegrity } from '../sa.ts';

/** Octets that matter to the packet format and to key derivation; all pure numbers, no cipher is touched here. */
export interface EncryptionShape {
  readonly keyLength: number;
  /** The cipher's block, which the padding fills up; 1 for a cipher without blocks. */
  readonly blockLength: number;
  /** The explicit IV before the ciphertext. */
  readonly ivLength: number;
}

export interface IntegrityShape {
  readonly keyLength: number;
  /** The truncated MAC at the end of the packet. */
  readonly icvLength: number;
}

/**
 * NULL: RFC 2410. DES: RFC 2405 (8 octets of key, parity bits included). 3DES: RFC 2451 2.2 (24).
 * AES: RFC 3602 2.1 and 3; its key length is an attribute of the transform (RFC 2407 4.5), here part of the name.
 */
export const encryptionShapes: Readonly<Record<EspEncryption, EncryptionShape>> = {
  null: { keyLength: 0, blockLength: 1, ivLength: 0 },
  'des-cbc': { keyLength: 8, blockLength: 8, ivLength: 8 },
  '3des-cbc': { keyLength: 24, blockLength: 8, ivLength: 8 },
  'aes-cbc-128': { keyLength: 16, blockLength: 16, ivLength: 16 },
  'aes-cbc-192': { keyLength: 24, blockLength: 16, ivLength: 16 },
  'aes-cbc-256': { keyLength: 32, blockLength: 16, ivLength: 16 },
};

/** HMAC-MD5-96: RFC 2403. HMAC-SHA1-96: RFC 2404. HMAC-SHA2-256-128: RFC 4868 2.1 and 2.3. */
export const integrityShapes: Readonly<Record<EspIntegrity, IntegrityShape>> = {
  'hmac-md5-96': { keyLength: 16, icvLength: 12 },
  'hmac-sha1-96': { keyLength: 20, icvLength: 12 },
  'hmac-sha2-256-128': { keyLength: 32, icvLength: 16 },
};

/**
 * Octets of KEYMAT that one direction of an SA takes (RFC 2409 5.5): first `encryption` octets for
 * the cipher, then `integrity` octets for the MAC (that order: RFC 4301 4.5.2).
 */
export function espKeyLengths(algorithms: EspAlgorithms): {
  readonly encryption: number;
  readonly integrity: number;
} {
  return {
    encryption: encryptionShapes[algorithms.encryption].keyLength,
    integrity: integrityShapes[algorithms.integrity].keyLength,
  };
}
