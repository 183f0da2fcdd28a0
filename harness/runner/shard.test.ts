import { expect, test } from 'vitest';
import { cell, cellId } from '../cell.ts';
import { benches, plan } from './plan.ts';
import { inShard } from './shard.ts';

const planned = plan(
  [
    ...['direct', 'hotel-nat', 'office-nat'].flatMap((topology) =>
      ['1', '2', '3', '4', '1-2'].map((p2) => cell(topology, { p2 })),
    ),
    cell('direct', { responder: 'strongswan' }),
    cell('direct', { responder: 'strongswan', p2: '1' }),
  ],
  2,
);
const name = ({ cell: one, repeat }: (typeof planned)[number]) => `${cellId(one)}@${repeat}`;

test.each([1, 2, 3, 5, 34, 40])(
  '%i shards have every cell once, and none is larger than another by more than a cell',
  (of) => {
    const shards = Array.from({ length: of }, (_, index) => inShard(planned, { index: index + 1, of }));
    expect(shards.flat().map(name).toSorted()).toEqual(planned.map(name).toSorted());
    const sizes = shards.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  },
);

test('a lab is brought up in as few shards as can be: only where one shard ends and the next begins in two', () => {
  const of = 3;
  const shards = Array.from({ length: of }, (_, index) => inShard(planned, { index: index + 1, of }));
  const labs = shards.map((shard) => benches(shard).length).reduce((sum, count) => sum + count, 0);
  expect(labs).toBeLessThanOrEqual(benches(planned).length + of - 1);
});
