import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSaRecord, sequenceNumber } from './record.ts';
import { isFresh, take } from './replay.ts';

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

test('any order of numbers agrees with a set that forgets nothing', () => {
  const size = fc.constantFrom(4, 64, 100);
  // Steps from the highest number so far, and a window far smaller than createSa takes: the edges are where
  // things go wrong, and so they are met often.
  const steps = fc.array(fc.oneof(fc.integer({ min: -5, max: 9 }), fc.integer({ min: -110, max: 210 })), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(size, steps, (window, moves) => {
      const record = createSaRecord(1, window);
      const seen = new Set<number>();
      let highest = 0;
      for (const move of moves) {
        const number = Math.max(0, highest + move);
        const fresh = number > 0 && number > highest - window && !seen.has(number);
        expect(isFresh(record, number)).toBe(fresh);
        if (!fresh) continue;
        take(record, number);
        seen.add(number);
        highest = Math.max(highest, number);
      }
    }),
    { numRuns: 1000 },
  );
});
