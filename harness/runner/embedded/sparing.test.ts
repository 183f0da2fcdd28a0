import { expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { exampleRecord } from '../../records/testing/example-record.ts';
import { Sparing } from './sparing.ts';

const outcome = { outcome: 'connected', stageReached: 'traffic', checks: [] } as const;
const recordOf = (topology: string, why = 'connected') =>
  structuredClone(
    exampleRecord({
      cell: topology,
      axes: { ...cell(topology) },
      why,
      observed: { ...outcome, checks: [] },
    }),
  );

test('a record says what it said, with its cell for its axes', () => {
  const sparing = new Sparing();
  for (const topology of ['direct', 'both-nat', 'direct']) {
    const [record, played] = [recordOf(topology), cell(topology)];
    const kept = sparing.recordOf(record, played);
    expect(kept).toEqual(record);
  }
});

test('what two records have alike is one object, and what they have not is not', () => {
  const sparing = new Sparing();
  const one = sparing.recordOf(recordOf('direct'), cell('direct'));
  const other = sparing.recordOf(recordOf('both-nat'), cell('both-nat'));
  expect(other.observed).toBe(one.observed);
  expect(other.files).toBe(one.files);
  const third = sparing.recordOf(
    { ...recordOf('direct'), observed: { outcome: 'phase1: no-answer', checks: [] } },
    cell('direct'),
  );
  expect(third.observed).toEqual({ outcome: 'phase1: no-answer', checks: [] });
});

test('what a record does not have it is not given', () => {
  const { observed: _, ...unplayed } = recordOf('direct');
  const kept = new Sparing().recordOf(unplayed, cell('direct'));
  expect(Object.keys(kept).toSorted()).toEqual(Object.keys(unplayed).toSorted());
});
