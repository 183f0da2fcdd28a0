/** Sets of small numbers, as bits: 32 to a word. All sets that meet have equal lengths. */
export type Bits = Uint32Array;

/** A set that can hold the numbers below `size`, and holds none. */
export function noBits(size: number): Bits {
  return new Uint32Array(Math.ceil(size / 32));
}

export function addBit(bits: Bits, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
}

/** How many members all of these sets have in common. */
export function countCommon(first: Bits, second: Bits, third: Bits = first, fourth: Bits = first): number {
  let count = 0;
  for (let word = 0; word < first.length; word += 1) {
    const common = (first[word] ?? 0) & (second[word] ?? 0) & (third[word] ?? 0) & (fourth[word] ?? 0);
    if (common !== 0) count += ones(common);
  }
  return count;
}

/** No member is in all of these sets. */
export function areDisjoint(first: Bits, second: Bits, third: Bits = first): boolean {
  for (let word = 0; word < first.length; word += 1) {
    if (((first[word] ?? 0) & (second[word] ?? 0) & (third[word] ?? 0)) !== 0) return false;
  }
  return true;
}

/** What both hold, in a set of its own. */
export function common(first: Bits, second: Bits): Bits {
  return first.map((word, at) => word & (second[at] ?? 0));
}

/** What the first holds and the second does not, in a set of its own. */
export function without(from: Bits, taken: Bits): Bits {
  return from.map((word, at) => word & ~(taken[at] ?? 0));
}

export function isEmpty(bits: Bits): boolean {
  return bits.every((word) => word === 0);
}

/** Ones in a word, by adding neighbours: pairs, fours, bytes. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
