import { type Bench, benches, type PlannedCell } from './plan.ts';

/** One part of a run: the first of three is `{ index: 1, of: 3 }`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * The cells of one shard, in run order. All shards together have each cell once. Shards are of equal size, but for a
 * cell; cells of one bench stay together as far as that allows, since each shard has to bring up the labs of its own.
 */
export function inShard(cells: readonly PlannedCell[], { index, of }: Shard): PlannedCell[] {
  const inOrder = benches(cells).flatMap((bench: Bench) => [...bench.cells]);
  // What is left over goes to the first shards, a cell each.
  const from = (shard: number) =>
    Math.floor(inOrder.length / of) * shard + Math.min(shard, inOrder.length % of);
  return inOrder.slice(from(index - 1), from(index));
}
