import { expect, test } from 'vitest';
import { stopping } from './stopping.ts';
import { everything, type Factor } from './wanted.ts';

const factor = (size: number): Factor => ({
  size,
  representatives: new Set(Array.from({ length: size }, (_, value) => value)),
  masking: new Set(),
});
const factors = [3, 3, 3].map(factor);
const wanted = everything(factors);
const base = [0, 0, 0];

/** The last value of the first factor stops by itself; the second of the first and the third stop together. */
function stopOf([first, , third]: readonly number[]): string | undefined {
  if (first === 2) return 'alone';
  return first === 1 && third === 1 ? 'together' : undefined;
}

test('what stops alone has a row, and so has each pair that stops where neither value does', () => {
  expect(stopping(factors, wanted, base, stopOf).rows).toEqual([
    [2, 0, 0],
    [1, 0, 1],
  ]);
});

test('two stops of the same pair of values are two things to show, and one of them with others is one', () => {
  const ofBoth = (row: readonly number[]) => (row[0] === 1 && row[1] === 1 ? `at ${row[2]}` : undefined);
  expect(stopping(factors, wanted, base, ofBoth).rows).toEqual([[1, 1, 0]]);
  expect(stopping(factors, wanted, [0, 0, 1], ofBoth).rows).toEqual([[1, 1, 1]]);
});

test('what its rows show is wanted no more, and everything else is', () => {
  const { impossible } = stopping(factors, wanted, base, stopOf);
  const left = new Set(impossible.pairs.map(String));
  expect(left.has('0,1,2,1')).toBe(false);
  expect(left.has('0,2,1,0')).toBe(false);
  expect(left.has('0,2,1,1')).toBe(true);
  expect(impossible.pairs).toHaveLength(wanted.pairs.length - 6);
});

test('where nothing stops there is no row, and nothing is shown', () => {
  const { rows, impossible } = stopping(factors, wanted, base, () => undefined);
  expect(rows).toEqual([]);
  expect(impossible.pairs.toSorted()).toEqual(wanted.pairs.toSorted());
  expect(impossible.values).toEqual(wanted.values);
});
