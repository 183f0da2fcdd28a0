import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { concat } from '../octets.ts';
import type { Phase1Transform } from './config.ts';

export type HashName = Phase1Transform['hash'];

const algorithms: Readonly<Record<HashName, string>> = {
  md5: 'md5',
  sha1: 'sha1',
  'sha2-256': 'sha256',
  'sha2-384': 'sha384',
  'sha2-512': 'sha512',
};

/** The negotiated hash over the concatenation of the parts. */
export function digest(hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash(algorithms[hash]);
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
}

/** prf(key, parts): the HMAC version of the negotiated hash, as no other prf is ever negotiated (RFC 2409 4). */
export function prf(hash: HashName, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  // Node takes a key object several times faster than octets.
  const state = createHmac(algorithms[hash], createSecretKey(key));
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
}

/** Blocks that are each made of the one before, the first of `start`, one after the other and cut to `length` octets. */
export function chained(
  start: Uint8Array,
  next: (previous: Uint8Array) => Uint8Array,
  length: number,
): Uint8Array {
  let block = next(start);
  let blocks = block;
  while (blocks.length < length) {
    block = next(block);
    blocks = concat(blocks, block);
  }
  return blocks.slice(0, length);
}
