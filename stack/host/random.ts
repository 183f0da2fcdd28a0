import { createCipheriv, createSecretKey, hash, randomBytes } from 'node:crypto';
import type { RandomSource } from '../engine.ts';
import { concat } from '../octets.ts';

/** Octets from the operating system. */
export const systemRandom: RandomSource = (length) => randomBytes(length);

/**
 * The same octets for the same seed, on every machine: the key stream of AES-256-CTR under
 * SHA-256(seed). For tests and for replaying a cell; whoever knows the seed knows all keys.
 */
export function seededRandom(seed: string): RandomSource {
  const key = createSecretKey(hash('sha256', seed, 'buffer'));
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16));
  let drawn: Uint8Array = new Uint8Array(0);
  return (length) => {
    if (drawn.length < length) {
      const more = stream.update(new Uint8Array(Math.max(length, drawnAtOnce)));
      drawn = concat(drawn, more);
    }
    const octets = drawn.slice(0, length);
    drawn = drawn.subarray(length);
    return octets;
  };
}

/** Octets: most that are asked for are few, and each turn to the cipher costs as much as a hundred of them. */
const drawnAtOnce = 512;
