import type { Phase1Keys } from './phase1-keys.ts';
import { prf } from './prf.ts';

/** What HASH_I and HASH_R are taken over (RFC 2409 5), octets as they were on the wire. */
export interface Phase1Transcript {
  readonly initiatorCookie: Uint8Array;
  readonly responderCookie: Uint8Array;
  readonly initiatorPublicValue: Uint8Array;
  readonly responderPublicValue: Uint8Array;
  /** SAi_b: the body of the SA payload of message 1. */
  readonly initiatorSa: Uint8Array;
}

/** HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b). */
export function initiatorHash(
  { hash, skeyid }: Phase1Keys,
  {
    initiatorPublicValue,
    responderPublicValue,
    initiatorCookie,
    responderCookie,
    initiatorSa,
  }: Phase1Transcript,
  identity: Uint8Array,
): Uint8Array {
  const exchange = [initiatorPublicValue, responderPublicValue, initiatorCookie, responderCookie];
  return prf(hash, skeyid, ...exchange, initiatorSa, identity);
}

/** HASH_R = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | SAi_b | IDir_b): HASH_I with the ends exchanged. */
export function responderHash(
  keys: Phase1Keys,
  transcript: Phase1Transcript,
  identity: Uint8Array,
): Uint8Array {
  const exchanged = {
    initiatorPublicValue: transcript.responderPublicValue,
    responderPublicValue: transcript.initiatorPublicValue,
    initiatorCookie: transcript.responderCookie,
    responderCookie: transcript.initiatorCookie,
    initiatorSa: transcript.initiatorSa,
  };
  return initiatorHash(keys, exchanged, identity);
}
