import { createDiffieHellman, type DiffieHellman } from 'node:crypto';
import type { RandomSource } from '../engine.ts';
import { type GroupNumber, modpGroups } from './modp-groups.ts';

export interface KeyPair {
  readonly privateKey: Uint8Array;
  /** g^x mod p, padded on the left to the length of the prime (RFC 2409 5). */
  readonly publicValue: Uint8Array;
}

/**
 * One OpenSSL object per group and process: building one tests its prime, which takes 27 ms for group
 * 2 and 186 ms for group 14, a thousand times the exponentiation itself. Only its parameters are
 * shared; every call sets its own private key first.
 */
const objects = new Map<GroupNumber, DiffieHellman>();

function groupObject(group: GroupNumber): DiffieHellman {
  const known = objects.get(group);
  if (known !== undefined) return known;
  const { prime, generator } = modpGroups[group];
  const created = createDiffieHellman(prime, generator);
  objects.set(group, created);
  return created;
}

export function generateKeyPair(group: GroupNumber, random: RandomSource): KeyPair {
  const privateKey = random(modpGroups[group].exponentLength).slice();
  // The top bit is set so that every exponent has its full length.
  privateKey[0] = (privateKey[0] ?? 0) | 0x80;
  return { privateKey, publicValue: publicValue(group, privateKey) };
}

/** g^x mod p, padded on the left to the length of the prime. */
export function publicValue(group: GroupNumber, privateKey: Uint8Array): Uint8Array {
  const object = groupObject(group);
  object.setPrivateKey(privateKey);
  return padLeft(object.generateKeys(), modpGroups[group].prime.length);
}

/**
 * g^xy, padded on the left to the length of the prime (RFC 2409 5). `undefined` for a peer's value
 * that is no element to work with (SP 800-56A 5.6.2.3): 0, 1, p - 1 or more, or of a small subgroup.
 */
export function sharedSecret(
  group: GroupNumber,
  privateKey: Uint8Array,
  peerPublicValue: Uint8Array,
): Uint8Array | undefined {
  const { prime } = modpGroups[group];
  if (peerPublicValue.length > prime.length) return undefined;
  const value = padLeft(peerPublicValue, prime.length);
  // What OpenSSL refuses by itself differs from one release to the next.
  if (Buffer.compare(value, prime) >= 0) return undefined;
  const object = groupObject(group);
  object.setPrivateKey(privateKey);
  try {
    return padLeft(object.computeSecret(value), prime.length);
  } catch {
    return undefined;
  }
}

function padLeft(bytes: Uint8Array, length: number): Uint8Array {
  const padded = new Uint8Array(length);
  padded.set(bytes, length - bytes.length);
  return padded;
}
