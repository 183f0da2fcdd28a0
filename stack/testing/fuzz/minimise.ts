import { concat } from '../../octets.ts';

/** Attempts to shrink one input: enough for a few thousand octets, and over soon. */
const attempts = 1500;

/**
 * A smaller input that still shows what `shows` looks for: stretches are taken out, long ones first, then octets
 * become zero. `input` itself must show it.
 */
export function minimised(input: Uint8Array, shows: (smaller: Uint8Array) => boolean): Uint8Array {
  let smallest = input;
  let left = attempts;
  const accept = (candidate: Uint8Array): boolean => {
    if (left <= 0) return false;
    left--;
    if (!shows(candidate)) return false;
    smallest = candidate;
    return true;
  };
  for (let stretch = Math.ceil(input.length / 2); stretch >= 1; stretch = Math.floor(stretch / 2)) {
    for (let at = 0; at < smallest.length && left > 0; ) {
      const without = concat(smallest.subarray(0, at), smallest.subarray(at + stretch));
      if (!accept(without)) at += stretch;
    }
  }
  for (let at = 0; at < smallest.length && left > 0; at++) {
    if (smallest[at] === 0) continue;
    const zeroed = smallest.slice();
    zeroed[at] = 0;
    accept(zeroed);
  }
  return smallest;
}
