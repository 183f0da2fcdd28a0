import { concat, fromHex, readUint } from '../../octets.ts';
import type { Chance } from './chance.ts';

/** Longest input that a mutation makes: beyond any datagram of these protocols but a jumbo one. */
export const longestInput = 4096;

/** Octets at which lengths, counts and flags go wrong: ends of ranges, sign bits, one beside them. */
const interestingOctets = [
  0, 1, 2, 3, 4, 5, 7, 8, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xfe, 0xff,
];
const interestingWords = [0, 1, 3, 4, 7, 8, 0xff, 0x100, 0x3ff, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff];

/** What means something to some protocol or text: a byte order mark, markers, header starts, signs of formats. */
const tokens = [
  'efbbbf',
  'efbbbfefbbbf',
  '00000000',
  'ffffffff',
  'ff03',
  'c021',
  '0000',
  '4500',
  '25733d',
  'c0af',
  'eda080',
].map(fromHex);

/** One way to change octets. `other` is another input of the corpus. */
type Mutator = (chance: Chance, input: Uint8Array, other: Uint8Array) => Uint8Array;

/** Changes a copy in place. */
function edited(edit: (chance: Chance, octets: Uint8Array, at: number) => void): Mutator {
  return (chance, input) => {
    const octets = input.slice();
    if (octets.length > 0) edit(chance, octets, chance.below(octets.length));
    return octets;
  };
}

function writeUint(octets: Uint8Array, at: number, width: number, value: number): void {
  for (let index = 0; index < width && at + index < octets.length; index++) {
    octets[at + index] = Math.floor(value / 256 ** (width - 1 - index));
  }
}

/** A stretch of an input: where it begins and how long it is, mostly short. */
function stretchOf(chance: Chance, input: Uint8Array): readonly [start: number, end: number] {
  const start = chance.below(input.length + 1);
  const longest = input.length - start;
  const length = chance.below(1 + Math.min(longest, chance.onceIn(4) ? longest : 16));
  return [start, start + length];
}

const mutators: readonly Mutator[] = [
  edited((chance, octets, at) => {
    octets[at] = (octets[at] ?? 0) ^ (1 << chance.below(8));
  }),
  edited((chance, octets, at) => {
    octets[at] = chance.next();
  }),
  edited((chance, octets, at) => {
    octets[at] = chance.oneOf(interestingOctets);
  }),
  edited((chance, octets, at) => writeUint(octets, at, 2, chance.oneOf(interestingWords))),
  edited((chance, octets, at) => writeUint(octets, at, 4, chance.next() >>> (8 * chance.below(4)))),
  // Arithmetic on what may be a length or a count: a little more or less, twice, half.
  edited((chance, octets, at) => {
    const width = chance.oneOf([1, 2, 2, 4]);
    const value = readUint(octets, at, width);
    const by = 1 + chance.below(16);
    writeUint(octets, at, width, Math.max(0, chance.oneOf([value + by, value - by, value * 2, value >>> 1])));
  }),
  // A length that lies: all that is there, all that is left, or one beside it.
  edited((chance, octets, at) => {
    const truth = chance.oneOf([octets.length, octets.length - at]);
    writeUint(octets, at, 2, Math.max(0, truth + chance.below(3) - 1));
  }),
  edited((chance, octets, at) => {
    octets.fill(chance.oneOf(interestingOctets), at, at + 1 + chance.below(8));
  }),
  // Two octets change places.
  edited((chance, octets, at) => {
    const with_ = chance.below(octets.length);
    [octets[at], octets[with_]] = [octets[with_] ?? 0, octets[at] ?? 0];
  }),
  // Truncate, at either end.
  (chance, input) => input.slice(0, chance.below(input.length + 1)),
  (chance, input) => input.slice(chance.below(Math.min(input.length + 1, 8))),
  // Extend.
  (chance, input) => concat(input, chance.octets(1 + chance.below(chance.onceIn(8) ? 512 : 16))),
  // Insert, delete, duplicate, overwrite with a stretch of itself.
  (chance, input) => {
    const at = chance.below(input.length + 1);
    return concat(input.subarray(0, at), chance.octets(1 + chance.below(8)), input.subarray(at));
  },
  (chance, input) => {
    const [start, end] = stretchOf(chance, input);
    return concat(input.subarray(0, start), input.subarray(end));
  },
  (chance, input) => {
    const [start, end] = stretchOf(chance, input);
    const copies = Array.from({ length: 1 + chance.below(chance.onceIn(8) ? 64 : 2) }, () =>
      input.subarray(start, end),
    );
    return concat(input.subarray(0, end), ...copies, input.subarray(end));
  },
  (chance, input) => {
    const [start, end] = stretchOf(chance, input);
    const octets = input.slice();
    octets.set(input.subarray(start, end), chance.below(input.length - (end - start) + 1));
    return octets;
  },
  (chance, input) => {
    const at = chance.below(input.length + 1);
    return concat(input.subarray(0, at), chance.oneOf(tokens), input.subarray(at));
  },
  (chance, input) => {
    const octets = input.slice();
    const token = chance.oneOf(tokens);
    octets.set(token.subarray(0, octets.length), chance.below(octets.length - token.length + 1));
    return octets;
  },
  // Splice with another one.
  (chance, input, other) =>
    concat(input.subarray(0, chance.below(input.length + 1)), other.subarray(chance.below(other.length + 1))),
  (chance, input, other) => {
    const [start, end] = stretchOf(chance, other);
    const at = chance.below(input.length + 1);
    return concat(input.subarray(0, at), other.subarray(start, end), input.subarray(at));
  },
];

/** A changed copy of `input`: mostly one change, at times up to eight on top of each other. */
export function mutate(chance: Chance, input: Uint8Array, other: Uint8Array): Uint8Array {
  // A copy of a plain kind: a slice of a Buffer is the Buffer itself.
  let octets: Uint8Array = new Uint8Array(input);
  const changes = chance.onceIn(2) ? 1 : 1 + chance.below(8);
  for (let change = 0; change < changes; change++) {
    octets = chance.oneOf(mutators)(chance, octets, other);
  }
  return octets.length > longestInput ? octets.slice(0, longestInput) : octets;
}
