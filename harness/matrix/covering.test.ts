import { expect, test } from 'vitest';
import { covering, type RowConstraint } from './covering.ts';
import type { Factor } from './wanted.ts';

const every = (size: number) => new Set(Array.from({ length: size }, (_, value) => value));
const plain = (size: number): Factor => ({ size, representatives: every(size), masking: new Set() });

/** Counts by itself, of all pairs of values of two factors, those that some row has. */
function pairsIn(rows: readonly (readonly number[])[]): Set<string> {
  const pairs = rows.flatMap((row) =>
    row.flatMap((a, first) => row.slice(first + 1).map((b, gap) => `${first}:${a} ${first + 1 + gap}:${b}`)),
  );
  return new Set(pairs);
}

test('every pair of values is in some row, and rows are few', () => {
  const { rows, impossible } = covering([4, 3, 3, 2, 5].map(plain), []);
  expect(pairsIn(rows).size).toBe(
    4 * 3 + 4 * 3 + 4 * 2 + 4 * 5 + 3 * 3 + 3 * 2 + 3 * 5 + 3 * 2 + 3 * 5 + 2 * 5,
  );
  expect(impossible).toEqual({ pairs: [], values: [] });
  // At least 4 * 5; a greedy search needs little more.
  expect(rows.length).toBeLessThanOrEqual(28);
});

test('no row breaks a constraint, and what none can have is named', () => {
  const never: RowConstraint = { of: [0, 1], holds: (row) => !(row[0] === 0 && row[1] === 0) };
  // 0:1 leaves factor 2 its first value alone, and 1:1 its second.
  const first: RowConstraint = { of: [0, 2], holds: (row) => row[0] !== 1 || row[2] === 0 };
  const second: RowConstraint = { of: [1, 2], holds: (row) => row[1] !== 1 || row[2] === 1 };
  const constraints = [never, first, second];
  const { rows, impossible } = covering([3, 2, 2].map(plain), constraints);
  for (const row of rows) expect(constraints.every(({ holds }) => holds(row))).toBe(true);
  expect(impossible.pairs.toSorted()).toEqual([
    [0, 0, 1, 0],
    // Which leaves 0:0 nothing but 1:1.
    [0, 0, 2, 0],
    [0, 1, 1, 1],
    [0, 1, 2, 1],
    [1, 1, 2, 0],
  ]);
  expect(pairsIn(rows).size).toBe(3 * 2 + 3 * 2 + 2 * 2 - impossible.pairs.length);
});

test('a masking value stands with no other in a row, unless the pair of both is wanted', () => {
  const masked: Factor = { size: 2, representatives: every(2), masking: new Set([1]) };
  const { rows } = covering([masked, masked, plain(3), plain(3)], []);
  const unmasked = pairsIn(rows.filter((row) => row[0] === 0 && row[1] === 0));
  // What is wanted of ordinary values is shown without a masking one.
  for (let a = 0; a < 3; a += 1) for (let b = 0; b < 3; b += 1) expect(unmasked).toContain(`2:${a} 3:${b}`);
  const alone = pairsIn(rows.filter((row) => row[0] === 1 && row[1] === 0));
  for (let a = 0; a < 3; a += 1) expect(alone).toContain(`0:1 2:${a}`);
  expect(pairsIn(rows)).toContain('0:1 1:1');
});

test('values that represent nothing are each in a row, and their pairs are not wanted', () => {
  const many: Factor = { size: 40, representatives: new Set([0, 1]), masking: new Set() };
  const { rows } = covering([many, plain(6), plain(6)], []);
  expect(new Set(rows.map(([value]) => value))).toEqual(every(40));
  expect(rows.length).toBeLessThan(60);
});

test('what some rows cannot have is covered by others, and nothing twice', () => {
  const first: RowConstraint = { of: [0, 1], holds: (row) => row[0] !== 2 && row[1] !== 3 };
  const factors = [3, 4, 2].map(plain);
  const some = covering(factors, [first]);
  expect(some.impossible.values).toEqual([
    [0, 2],
    [1, 3],
  ]);
  const others = covering(factors, [], some.impossible);
  expect(others.impossible).toEqual({ pairs: [], values: [] });
  for (const row of others.rows) expect(row[0] === 2 || row[1] === 3).toBe(true);
  expect(pairsIn([...some.rows, ...others.rows]).size).toBe(3 * 4 + 3 * 2 + 4 * 2);
});

test('the same question has the same answer', () => {
  const question = () => covering([5, 4, 4, 3].map(plain), []);
  expect(question()).toEqual(question());
});

test('where constraints leave a factor nothing there are no rows, and that is known at once', () => {
  const never: RowConstraint = { of: [0, 1], holds: () => false };
  const { rows, impossible } = covering([1, 1, ...Array.from({ length: 15 }, () => 10)].map(plain), [never]);
  expect(rows).toEqual([]);
  // 152 values of 17 factors, in as many pairs of two factors.
  expect(impossible.values).toHaveLength(152);
  expect(impossible.pairs).toHaveLength(1 + 2 * 150 + 105 * 100);
});
