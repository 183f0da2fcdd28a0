import { type CipherShape, cbcShapes } from '../cbc.ts';
import type { EspAlgorithms, EspEncryption, EspIntegrity } from '../sa.ts';

export interface IntegrityShape {
  readonly keyLength: number;
  /** The truncated MAC at the end of the packet. */
  readonly icvLength: number;
}

/** NULL (RFC 2410) has neither key nor blocks nor IV. */
export const encryptionShapes: Readonly<Record<EspEncryption, CipherShape>> = {
  null: { keyLength: 0, blockLength: 1, ivLength: 0 },
  ...cbcShapes,
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
