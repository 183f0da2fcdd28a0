import { expect, test } from 'vitest';
import { growing } from './growing.ts';
import { everything, type Factor } from './wanted.ts';

const factor = (size: number): Factor => ({
  size,
  representatives: new Set(Array.from({ length: size }, (_, value) => value)),
  masking: new Set(),
});
const factors = [4, 3, 3, 5].map(factor);

/** Counts by itself which pairs of values some row has. */
function pairsIn(rows: readonly (readonly number[])[]): Set<string> {
  return new Set(
    rows.flatMap((row) =>
      row.flatMap((a, first) => row.slice(first + 1).map((b, gap) => String([first, a, first + 1 + gap, b]))),
    ),
  );
}

test('where every row is good every pair is in one, and rows are few', () => {
  const { rows, impossible } = growing(factors, everything(factors), [0, 0, 0, 0], [], () => true);
  expect(impossible).toEqual({ pairs: [], values: [] });
  expect(pairsIn(rows).size).toBe(4 * 3 + 4 * 3 + 4 * 5 + 3 * 3 + 3 * 5 + 3 * 5);
  // At least 4 * 5.
  expect(rows.length).toBeLessThanOrEqual(32);
});

test('every row is good as a whole, and what no good row has is left to others', () => {
  const isGood = (row: readonly number[]) => !(row[0] === 1 && row[3] === 2) && row[1] !== 2;
  const { rows, impossible } = growing(factors, everything(factors), [0, 0, 0, 0], [], isGood);
  expect(rows.every(isGood)).toBe(true);
  expect(impossible.values).toEqual([[1, 2]]);
  const lost = [[0, 1, 3, 2], ...[0, 1, 2, 3].map((a) => [0, a, 1, 2])];
  lost.push(...[0, 1, 2].map((b) => [1, 2, 2, b]), ...[0, 1, 2, 3, 4].map((b) => [1, 2, 3, b]));
  expect(new Set(impossible.pairs.map(String))).toEqual(new Set(lost.map(String)));
});

test('two values that need a third to be good get it, where that may be changed', () => {
  // The last value of the first factor goes with the last of the second alone.
  const isGood = (row: readonly number[]) => row[0] !== 3 || row[1] === 2;
  const wanted = { pairs: [[0, 3, 3, 4]] as const, values: [] };
  const repaired = growing(factors, wanted, [0, 0, 0, 0], [1], isGood);
  expect(repaired.rows).toEqual([[3, 2, 0, 4]]);
  expect(growing(factors, wanted, [0, 0, 0, 0], [2], isGood)).toEqual({ rows: [], impossible: wanted });
});

test('values that represent nothing come where no pair is to be had, and the same question has the same answer', () => {
  const many: Factor = { size: 30, representatives: new Set([0, 1]), masking: new Set() };
  const all = [many, ...[6, 6].map(factor)];
  const { rows } = growing(all, everything(all), [0, 0, 0], [], () => true);
  expect(new Set(rows.map(([value]) => value)).size).toBe(30);
  expect(rows.length).toBeLessThan(50);
  expect(growing(all, everything(all), [0, 0, 0], [], () => true).rows).toEqual(rows);
});
