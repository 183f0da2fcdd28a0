import type { RandomSource } from '../engine.ts';
import type { Group, IkeConfig } from './config.ts';
import type { DiffieHellmanGroup } from './diffie-hellman-group.ts';
import { ecpGroups } from './ecp-groups.ts';
import { modpGroups } from './modp-groups.ts';

export interface KeyPair {
  readonly privateKey: Uint8Array;
  /** The content of the KE payload. */
  readonly publicValue: Uint8Array;
}

/** What phase 1 asks of Diffie-Hellman. */
export interface DiffieHellman {
  readonly generateKeyPair: (group: Group, random: RandomSource) => KeyPair;
  /** As the function of this name gives it. */
  readonly sharedSecret: (
    group: Group,
    privateKey: Uint8Array,
    peerPublicValue: Uint8Array,
  ) => Uint8Array | string;
}

/** A fresh key pair for each connection, unless the configuration brings something else along. */
export function diffieHellmanOf({ diffieHellman }: Pick<IkeConfig, 'diffieHellman'>): DiffieHellman {
  return diffieHellman ?? { generateKeyPair, sharedSecret };
}

const groups: Readonly<Record<Group, DiffieHellmanGroup>> = { ...modpGroups, ...ecpGroups };

/** All groups that this stack has. */
export const groupNumbers: readonly Group[] = [1, 2, 5, 14, 15, 16, 19, 20];

/** The group of a Group Description value; `undefined` for one that this stack does not have. */
export function knownGroup(number: number | undefined): Group | undefined {
  return groupNumbers.find((known) => known === number);
}

/** Octets that a KE payload of this group holds. */
export function publicValueLength(group: Group): number {
  return groups[group].publicValueLength;
}

export function generateKeyPair(group: Group, random: RandomSource): KeyPair {
  const privateKey = groups[group].generatePrivateKey(random);
  return { privateKey, publicValue: publicValue(group, privateKey) };
}

/** The public value of a private key: g^x mod p padded to the length of p (RFC 2409 5), x | y of a point (RFC 5903 7). */
export function publicValue(group: Group, privateKey: Uint8Array): Uint8Array {
  return groups[group].publicValue(privateKey);
}

/**
 * g^xy padded to the length of the prime (RFC 2409 5), the x coordinate alone of a point (RFC 5903 7).
 * For a peer's value that is no element to work with (SP 800-56A 5.6.2.3) what is wrong with it, in words.
 */
export function sharedSecret(
  group: Group,
  privateKey: Uint8Array,
  peerPublicValue: Uint8Array,
): Uint8Array | string {
  const { flaw, sharedSecret: secret } = groups[group];
  return flaw(peerPublicValue) ?? secret(privateKey, peerPublicValue);
}
