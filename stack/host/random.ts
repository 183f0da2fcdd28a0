import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { RandomSource } from '../engine.ts';

/** Octets from the operating system. */
export const systemRandom: RandomSource = (length) => randomBytes(length);

/**
 * The same octets for the same seed, on every machine: the key stream of AES-256-CTR under
 * SHA-256(seed). For tests and for replaying a cell; whoever knows the seed knows all keys.
 */
export function seededRandom(seed: string): RandomSource {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16));
  return (length) => stream.update(new Uint8Array(length));
}
