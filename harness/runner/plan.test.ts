import { expect, test } from 'vitest';
import { cell, cellId } from '../cell.ts';
import { benches, plan, shuffled } from './plan.ts';

const cells = [
  cell('office-nat'),
  cell('hotel-nat'),
  cell('office-nat', { responder: 'softether' }),
  cell('office-nat', { p2: '1' }),
];
const ids = (planned: readonly { cell: (typeof cells)[number] }[]) => planned.map(({ cell }) => cellId(cell));

test('cells that share topology and peers share a bench; order is listed order otherwise', () => {
  expect(benches(plan(cells, 1)).map((bench) => [bench.responder, ids(bench.cells)])).toEqual([
    ['ts', ['office-nat', 'office-nat/p2=1']],
    ['softether', ['office-nat/responder=softether']],
    ['ts', ['hotel-nat']],
  ]);
});

test('profiles of one peer share a bench: a profile is data, not another program', () => {
  const profiles = plan([cell('direct'), cell('direct', { client: 'ts:windows-11' })], 1);
  expect(benches(profiles)).toHaveLength(1);
});

test('repeats are numbered from 1', () => {
  expect(plan([cell('direct')], 3).map(({ repeat }) => repeat)).toEqual([1, 2, 3]);
});

test('a seed decides the order alone, and loses no cell', () => {
  const listed = plan(cells, 2);
  const once = shuffled(listed, '7');
  expect(shuffled(listed.toReversed(), '7')).toEqual(once);
  expect(new Set(once)).toEqual(new Set(listed));
  expect(['1', '2', '3', '4'].some((seed) => ids(shuffled(listed, seed)).join() !== ids(once).join())).toBe(
    true,
  );
});
