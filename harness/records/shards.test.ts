import { expect, test } from 'vitest';
import { type RunPlan, selectionOf } from './run-plan.ts';
import { checkShards, type ShardRun } from './shards.ts';
import { exampleRecord } from './testing/example-record.ts';
import { allCells, examplePlan } from './testing/example-shard.ts';

function shard(index: number, changes: Partial<RunPlan> = {}): ShardRun {
  const plan = examplePlan(index, changes);
  const records = examplePlan(index).cells.map(({ cell, repeat }) => exampleRecord({ cell, repeat }));
  return { directory: `results/${index}`, plan, records };
}

function complaint(...runs: ShardRun[]): string {
  try {
    checkShards(runs);
    return 'none';
  } catch (error) {
    return (error as { found?: string }).found ?? String(error);
  }
}

test('all shards of a run, in any order, and a run that was never divided', () => {
  expect(complaint(shard(1), shard(2))).toBe('none');
  expect(complaint(shard(2), shard(1))).toBe('none');
  const { plan, records } = shard(1);
  const { shard: _, ...undivided } = plan;
  const alone = { ...undivided, selection: selectionOf(plan.cells) };
  expect(complaint({ directory: 'results/1', plan: alone, records })).toBe('none');
});

test('a shard that is missing or comes twice', () => {
  expect(complaint(shard(2))).toBe('shard 1 of 2 is missing');
  const ofFour = { shard: { index: 2, of: 4 } };
  expect(complaint(shard(2, ofFour))).toBe('shards 1, 3, 4 of 4 are missing');
  expect(complaint(shard(1), { ...shard(1), directory: 'copy' }, shard(2))).toBe(
    'shard 1 of 2 comes twice: results/1 and copy',
  );
  expect(complaint()).toBe('no run is named');
});

test.each<[Partial<RunPlan>, string]>([
  [{ checkout: 'def' }, 'results/2 is of another checkout than results/1: def, not abc'],
  [{ seed: '2' }, 'results/2 is of another seed than results/1'],
  [{ fabric: 'docker' }, 'results/2 is of another fabric than results/1'],
  [{ selection: { digest: 'x', cells: 3 } }, 'results/2 is of another selection than results/1'],
  [{ shard: { index: 2, of: 3 } }, 'results/2 is of another number of shards than results/1: 3, not 2'],
])('a shard of another run: %j', (changes, found) => {
  expect(complaint(shard(1), shard(2, changes))).toContain(found);
});

test('a shard that was interrupted, and cells that are not those that were selected', () => {
  const whole = shard(2);
  expect(complaint(shard(1), { ...whole, records: whole.records.slice(0, 1) })).toBe(
    'results/2 has no record of 1 of its 2 cells, office-nat among them',
  );
  const canary = exampleRecord({ cell: 'office-nat', canary: true });
  expect(complaint(shard(1), { ...whole, records: [...whole.records.slice(0, 1), canary] })).toContain(
    'has no record of 1',
  );
  const [first] = allCells;
  const other = { ...whole, plan: { ...whole.plan, cells: first ? [first] : [] } };
  expect(complaint(shard(1), { ...other, records: [exampleRecord({ cell: 'direct' })] })).toContain(
    'together they have 3 cells, and these are not the 4 that were selected',
  );
});
