import { type CbcCipher, cbcShapes } from '../cbc.ts';
import { concat, uint8, uint32 } from '../octets.ts';
import { chained, digest, type HashName, prf } from './prf.ts';

/** What the keys of an ISAKMP SA are made of (RFC 2409 5). */
export interface Phase1Secrets {
  readonly hash: HashName;
  readonly encryption: CbcCipher;
  readonly preSharedKey: Uint8Array;
  readonly initiatorNonce: Uint8Array;
  readonly responderNonce: Uint8Array;
  /** g^xy. */
  readonly sharedSecret: Uint8Array;
  readonly initiatorCookie: Uint8Array;
  readonly responderCookie: Uint8Array;
}

export interface Phase1Keys {
  readonly hash: HashName;
  readonly encryption: CbcCipher;
  readonly skeyid: Uint8Array;
  /** SKEYID_d: for the keys of other SAs. */
  readonly derivation: Uint8Array;
  /** SKEYID_a: authenticates ISAKMP messages. */
  readonly authentication: Uint8Array;
  /** SKEYID_e, and the cipher's key made of it. */
  readonly encryptionSeed: Uint8Array;
  readonly encryptionKey: Uint8Array;
}

/** SKEYID with pre-shared keys, SKEYID_d, SKEYID_a, SKEYID_e (RFC 2409 5) and the cipher key (appendix B). */
export function derivePhase1Keys(secrets: Phase1Secrets): Phase1Keys {
  const { hash, encryption, preSharedKey, initiatorNonce, responderNonce } = secrets;
  const exchange = concat(secrets.sharedSecret, secrets.initiatorCookie, secrets.responderCookie);
  const skeyid = prf(hash, preSharedKey, initiatorNonce, responderNonce);
  const derivation = prf(hash, skeyid, exchange, uint8(0));
  const authentication = prf(hash, skeyid, derivation, exchange, uint8(1));
  const encryptionSeed = prf(hash, skeyid, authentication, exchange, uint8(2));
  const encryptionKey = expandKey(hash, encryptionSeed, cbcShapes[encryption].keyLength);
  return { hash, encryption, skeyid, derivation, authentication, encryptionSeed, encryptionKey };
}

/** The leading octets of SKEYID_e, or of K1 | K2 | ... where it is too short (RFC 2409 appendix B). */
export function expandKey(hash: HashName, seed: Uint8Array, length: number): Uint8Array {
  if (seed.length >= length) return seed.slice(0, length);
  return chained(uint8(0), (previous) => prf(hash, seed, previous), length);
}

/** The IV of message 5: the leading octets of hash(g^xi | g^xr) (RFC 2409 appendix B). */
export function phase1Iv(
  hash: HashName,
  encryption: CbcCipher,
  initiatorPublicValue: Uint8Array,
  responderPublicValue: Uint8Array,
): Uint8Array {
  const { blockLength } = cbcShapes[encryption];
  return digest(hash, initiatorPublicValue, responderPublicValue).slice(0, blockLength);
}

/** The first IV of a quick mode or informational exchange: from the last block of phase 1 and the message id (RFC 2409 appendix B). */
export function phase2Iv(
  hash: HashName,
  encryption: CbcCipher,
  lastPhase1Block: Uint8Array,
  messageId: number,
): Uint8Array {
  const { blockLength } = cbcShapes[encryption];
  return digest(hash, lastPhase1Block, uint32(messageId)).slice(0, blockLength);
}
