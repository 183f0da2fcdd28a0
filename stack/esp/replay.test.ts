import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSaRecord, ringBits, saRecordLength, sequenceNumber, setSequenceNumber } from './record.ts';
import { isFresh, take, wholeSequenceNumber } from './replay.ts';

/** Offers each number in turn, as after an ICV that held, and says which were taken. */
function offer(window: number, numbers: readonly number[]): boolean[] {
  const record = createSaRecord(1, window);
  return numbers.map((number) => {
    const fresh = isFresh(record, number);
    if (fresh) take(record, number);
    return fresh;
  });
}

const top = 0xffffffff;

// RFC 4303 3.4.3: a packet is rejected left of the window and where it was received before; the window
// holds the highest number and the 63 below it. 3.3.3: the first number sent is 1.
test.each<[string, [number, boolean][]]>([
  [
    'in order',
    [
      [1, true],
      [2, true],
      [3, true],
    ],
  ],
  [
    'zero is never sent',
    [
      [0, false],
      [1, true],
      [0, false],
    ],
  ],
  [
    'the same twice',
    [
      [1, true],
      [1, false],
      [2, true],
      [1, false],
    ],
  ],
  [
    'out of order inside the window',
    [
      [5, true],
      [3, true],
      [4, true],
      [3, false],
      [1, true],
      [5, false],
    ],
  ],
  [
    'left edge: 100 - 64 is out, 100 - 63 is in',
    [
      [100, true],
      [36, false],
      [37, true],
      [37, false],
    ],
  ],
  [
    'zero stays out where the window reaches below it',
    [
      [10, true],
      [0, false],
      [1, true],
    ],
  ],
  [
    'a jump by less than the window keeps what overlaps',
    [
      [60, true],
      [100, true],
      [60, false],
      [61, true],
    ],
  ],
  [
    'a jump by exactly the window forgets all',
    [
      [1, true],
      [65, true],
      [1, false],
      [2, true],
    ],
  ],
  [
    'a jump far ahead clears the ring',
    [
      [1, true],
      [2, true],
      [1000, true],
      [938, true],
      [937, true],
      [936, false],
    ],
  ],
  [
    'a jump leaves no bit of the packet a window earlier',
    [
      [1, true],
      [66, true],
      [65, true],
      [65, false],
    ],
  ],
  [
    'the last number there is',
    [
      [top, true],
      [top, false],
      [top - 63, true],
      [top - 64, false],
    ],
  ],
])('%s', (_, steps) => {
  expect(
    offer(
      64,
      steps.map(([number]) => number),
    ),
  ).toEqual(steps.map(([, taken]) => taken));
});

test('looking changes nothing: the window moves only by take (RFC 4303 3.4.3)', () => {
  const record = createSaRecord(1, 64);
  take(record, 5);
  const before = record.buffer.slice(0);
  expect(isFresh(record, 1000)).toBe(true);
  expect(isFresh(record, 5)).toBe(false);
  expect(record.buffer).toEqual(before);
  expect(sequenceNumber(record)).toBe(5);
});

/** What RFC 4303 3.4.3 says, with a set that forgets nothing: the receiver that cannot be wrong, and is slow. */
class Model {
  readonly #window: number;
  readonly #seen = new Set<number>();
  highest = 0;

  constructor(window: number, highest: number) {
    this.#window = window;
    this.highest = highest;
  }

  offer(number: number): boolean {
    const inWindow = number > 0 && number > this.highest - this.#window;
    if (!inWindow || this.#seen.has(number)) return false;
    this.#seen.add(number);
    this.highest = Math.max(this.highest, number);
    return true;
  }
}

/** Steps from the highest number so far: the edges of the window are where things go wrong, and so they are met often. */
const steps = (window: number) =>
  fc.array(
    fc.oneof(
      fc.integer({ min: -5, max: 9 }),
      fc.integer({ min: -window - 3, max: -window + 3 }),
      fc.integer({ min: -2 * window, max: 3 * window }),
      fc.constantFrom(31, 32, 33, 63, 64, 65, window - 1, window, window + 1, 2 * window, 100_000),
    ),
    { maxLength: 80 },
  );

test('any order of numbers agrees with a set that forgets nothing, for windows of 64 to 4096', () => {
  const cases = fc
    .constantFrom(64, 65, 96, 100, 128, 1024, 4000, 4096)
    .chain((window) => fc.record({ window: fc.constant(window), moves: steps(window) }));
  fc.assert(
    fc.property(cases, ({ window, moves }) => {
      const record = createSaRecord(1, window);
      const model = new Model(window, 0);
      for (const move of moves) {
        const number = Math.max(0, model.highest + move);
        const fresh = isFresh(record, number);
        expect(fresh).toBe(model.offer(number));
        if (fresh) take(record, number);
        expect(sequenceNumber(record)).toBe(model.highest);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a window moves by no more words than it has, however far it jumps', () => {
  const record = createSaRecord(1, 4096);
  for (const number of [1, 4_294_967_295]) take(record, number);
  expect(isFresh(record, 4_294_967_295 - 4095)).toBe(true);
  expect(isFresh(record, 4_294_967_295 - 4096)).toBe(false);
  expect(record.byteLength).toBe(saRecordLength(4096));
  expect(ringBits(4096)).toBe(8192);
});

// RFC 4303 appendix A2.2: case A (the window lies in one subspace) and case B (it spans two).
test.each([
  ['A, in the window', [0, 1000], 990, [0, 990]],
  ['A, beyond it', [0, 1000], 1001, [0, 1001]],
  ['A, left of it: the next subspace', [0, 1000], 1000 - 64, [1, 1000 - 64]],
  ['A, at its left edge', [0, 1000], 1000 - 63, [0, 1000 - 63]],
  ['A, the last of a subspace, then the first of the next', [7, 0xffffffff], 0, [8, 0]],
  ['B, what is beyond the edge is of the same subspace', [8, 10], 11, [8, 11]],
  ['B, in the lower part of the window: the subspace before', [8, 10], 0xfffffff0, [7, 0xfffffff0]],
  ['B, at the left edge', [8, 10], 2 ** 32 + 10 - 63, [7, 2 ** 32 + 10 - 63]],
  ['B, left of it', [8, 10], 2 ** 32 + 10 - 64, [8, 2 ** 32 + 10 - 64]],
] as const)('the upper half, case %s', (_, [topHigh, topLow], low, [high, sameLow]) => {
  const record = createSaRecord(1, 64);
  setSequenceNumber(record, topHigh * 2 ** 32 + topLow);
  expect(wholeSequenceNumber(record, low)).toBe(high * 2 ** 32 + sameLow);
});

test('before 2^32 no packet is of an earlier subspace: one that claims so is not fresh', () => {
  const record = createSaRecord(1, 64);
  take(record, 10);
  const whole = wholeSequenceNumber(record, 0xfffffff0);
  expect(whole).toBeLessThan(0);
  expect(isFresh(record, whole)).toBe(false);
});

test('extended numbers agree with the set, across every boundary of 2^32, when halves alone are shown', () => {
  const cases = fc.constantFrom(64, 100, 4096).chain((window) =>
    fc.record({
      window: fc.constant(window),
      start: fc.tuple(fc.nat(3), fc.integer({ min: -2 * window, max: 2 * window })),
      moves: steps(window),
    }),
  );
  fc.assert(
    fc.property(cases, ({ window, start: [high, near], moves }) => {
      const highest = Math.max(0, high * 2 ** 32 + near);
      const record = createSaRecord(1, window);
      setSequenceNumber(record, highest);
      const model = new Model(window, highest);
      for (const move of moves) {
        // What lies left of the window the receiver takes for a number of the next subspace, which its ICV denies.
        const number = Math.max(model.highest - window + 1, model.highest + move);
        if (number <= 0) continue;
        const whole = wholeSequenceNumber(record, number % 2 ** 32);
        expect(whole).toBe(number);
        const fresh = isFresh(record, whole);
        expect(fresh).toBe(model.offer(number));
        if (fresh) take(record, whole);
      }
    }),
    { numRuns: 1000 },
  );
});
