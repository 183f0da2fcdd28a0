import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import type { CellRecord } from '../record.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { canaryComplaint, lacksCanary } from './canary.ts';
import { FakeWorld } from './testing/fakes.ts';

const brief = (records: readonly CellRecord[]) => records.map(({ cell, verdict }) => `${cell}: ${verdict}`);

test('the canary is played once, in the lab that stands, apart from the records', async () => {
  const world = new FakeWorld();
  const { records, canary } = await world.run([cell('direct'), cell('office-nat')]);
  expect(canary).toMatchObject({
    cell: 'direct/psk=wrong',
    canary: true,
    verdict: 'fail',
    expectation: { outcome: { kind: 'connect' } },
    lab: { id: 'lab1', cellNumber: 2 },
  });
  expect(records).toHaveLength(2);
  expect(world.records.filter((record) => record.canary)).toHaveLength(1);
  expect(canaryComplaint(records, canary)).toBeUndefined();
});

test('a judge that says yes to everything is found out by the canary', async () => {
  const world = new FakeWorld();
  world.meets = () => true;
  const { records, canary } = await world.run([cell('direct')]);
  expect(brief(records)).toEqual(['direct: pass']);
  expect(canaryComplaint(records, canary)).toMatch(/^the canary passed/);
});

test('a canary that could not be judged leaves the passes unproved', async () => {
  const world = new FakeWorld();
  world.onConnect = ({ psk }) => {
    if (psk === 'wrong') throw new Error('died');
  };
  const { records, canary } = await world.run([cell('direct')]);
  expect(canaryComplaint(records, canary)).toMatch(/^the canary was broken/);
  expect(canaryComplaint(records, undefined)).toMatch(/^the canary did not run/);
  expect(canaryComplaint([], undefined)).toBeUndefined();
});

test('a run lacks its canary where something was judged and none was played', () => {
  const canary = exampleRecord({ canary: true, verdict: 'broken' });
  expect(lacksCanary([])).toBe(false);
  expect(lacksCanary([exampleRecord({ verdict: 'unavailable' })])).toBe(false);
  expect(lacksCanary([exampleRecord({ verdict: 'fail' })])).toBe(true);
  expect(lacksCanary([exampleRecord(), canary])).toBe(false);
});
