import { type CipherShape, cbcShapes } from '../cbc.ts';
import type { CombinedCipher, CounterCipher, EspAlgorithms, EspEncryption, EspIntegrity } from '../sa.ts';

export interface EspCipherShape extends CipherShape {
  /** The nonce (RFC 3686 5.1) or salt (RFC 4106 8.1) that KEYMAT gives behind the key; part of `keyLength`. */
  readonly saltLength: number;
  /**
   * How the IV comes about: drawn, since CBC wants it unpredictable (RFC 3602 3), or counted, since
   * counter modes must never see one twice under a key (RFC 3686 2.1, RFC 4106 3.1).
   */
  readonly iv: 'none' | 'drawn' | 'counted';
}

/** A shape of AES in a counter mode: no blocks to fill up, an IV of 8 octets (RFC 3686 3.1, RFC 4106 3.1). */
function counterShape(aesKeyLength: number): EspCipherShape {
  return { keyLength: aesKeyLength + 4, saltLength: 4, blockLength: 1, ivLength: 8, iv: 'counted' };
}

const counterShapes: Readonly<Record<CounterCipher | CombinedCipher, EspCipherShape>> = {
  'aes-ctr-128': counterShape(16),
  'aes-ctr-192': counterShape(24),
  'aes-ctr-256': counterShape(32),
  'aes-gcm-16-128': counterShape(16),
  'aes-gcm-16-192': counterShape(24),
  'aes-gcm-16-256': counterShape(32),
};

const cbc = (shape: CipherShape): EspCipherShape => ({ ...shape, saltLength: 0, iv: 'drawn' });

/** NULL (RFC 2410) has neither key nor blocks nor IV. */
export const encryptionShapes: Readonly<Record<EspEncryption, EspCipherShape>> = {
  null: { keyLength: 0, saltLength: 0, blockLength: 1, ivLength: 0, iv: 'none' },
  'des-cbc': cbc(cbcShapes['des-cbc']),
  '3des-cbc': cbc(cbcShapes['3des-cbc']),
  'aes-cbc-128': cbc(cbcShapes['aes-cbc-128']),
  'aes-cbc-192': cbc(cbcShapes['aes-cbc-192']),
  'aes-cbc-256': cbc(cbcShapes['aes-cbc-256']),
  ...counterShapes,
};

export interface IntegrityShape {
  readonly keyLength: number;
  /** The truncated MAC at the end of the packet. */
  readonly icvLength: number;
}

/**
 * HMAC-MD5-96: RFC 2403. HMAC-SHA1-96: RFC 2404. HMAC-SHA2: RFC 4868 2.1 and 2.3; cut to 96 bits it is that of
 * draft-ietf-ipsec-ciph-sha-256-00. `none` leaves the ICV of 16 octets to AES-GCM-16 (RFC 4106 6).
 */
export const integrityShapes: Readonly<Record<EspIntegrity, IntegrityShape>> = {
  none: { keyLength: 0, icvLength: 16 },
  'hmac-md5-96': { keyLength: 16, icvLength: 12 },
  'hmac-sha1-96': { keyLength: 20, icvLength: 12 },
  'hmac-sha2-256-96': { keyLength: 32, icvLength: 12 },
  'hmac-sha2-256-128': { keyLength: 32, icvLength: 16 },
  'hmac-sha2-384-192': { keyLength: 48, icvLength: 24 },
  'hmac-sha2-512-256': { keyLength: 64, icvLength: 32 },
};

export function isCombined(encryption: EspEncryption): encryption is CombinedCipher {
  return encryption.startsWith('aes-gcm-');
}

/** Whether these go together: a combined cipher alone, any other with a MAC (RFC 4303 3.2.3: never without integrity here). */
export function goTogether({ encryption, integrity }: EspAlgorithms): boolean {
  return isCombined(encryption) === (integrity === 'none');
}

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
