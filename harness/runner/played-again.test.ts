import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import type { CellRecord } from '../record.ts';
import { FakeWorld } from './testing/fakes.ts';

const brief = (records: readonly CellRecord[]) => records.map(({ cell, verdict }) => `${cell}: ${verdict}`);

test('a fail on a used lab that is a fail on a fresh one too stays a fail; both attempts are kept', async () => {
  const world = new FakeWorld();
  world.meets = ({ p2 }) => p2 === '1';
  const { records } = await world.run([cell('direct', { p2: '1' }), cell('direct', { p2: '2' })]);
  expect(brief(records)).toEqual(['direct/p2=1: pass', 'direct/p2=2: fail']);
  expect(records[1]).toMatchObject({
    lab: { id: 'lab2', state: 'fresh' },
    earlier: { verdict: 'fail', lab: { id: 'lab1', state: 'reused', cellNumber: 2 } },
  });
  expect(records[1]?.files).not.toEqual(records[1]?.earlier?.files);
});

test('a fail on a fresh lab is a fail at once', async () => {
  const world = new FakeWorld();
  world.meets = () => false;
  const { records } = await world.run([cell('direct')]);
  expect(brief(records)).toEqual(['direct: fail']);
  expect(records[0]?.earlier).toBeUndefined();
});

const fault = { stage: 'phase1', reason: 'short-public-value', source: 'one in 256' } as const;

test('a peer that failed by its known random fault plays the cell again, and a pass then is flaky', async () => {
  const world = new FakeWorld();
  world.randomFault = fault;
  let judged = 0;
  world.outcome = () => (judged === 1 ? 'stopped at phase1: short-public-value' : 'connected');
  world.meets = ({ psk }) => psk === 'good' && ++judged > 1;
  const { records } = await world.run([cell('direct')]);
  expect(brief(records)).toEqual(['direct: pass']);
  expect(records[0]).toMatchObject({
    flaky: true,
    why: 'as expected; played again, since before that not as expected',
    lab: { id: 'lab2', state: 'fresh' },
    earlier: { verdict: 'fail', lab: { id: 'lab1' } },
  });
});

test('what is no known fault, or strikes twice, stays a fail', async () => {
  const world = new FakeWorld();
  world.randomFault = fault;
  world.meets = () => false;
  world.outcome = () => 'stopped at phase1: no-answer';
  const { records } = await world.run([cell('direct')]);
  expect(records[0]).toMatchObject({ verdict: 'fail', flaky: false });
  expect(records[0]?.earlier).toBeUndefined();
  world.outcome = () => 'stopped at phase1: short-public-value';
  const { records: twice } = await world.run([cell('direct')]);
  expect(twice[0]).toMatchObject({ verdict: 'fail', flaky: false, earlier: { verdict: 'fail' } });
});

test('a fail on a used lab that passes on a fresh one is broken: contaminated', async () => {
  const world = new FakeWorld();
  world.meets = ({ psk }, _, labCells) => psk === 'good' && labCells === 1;
  const { records } = await world.run([cell('direct', { p2: '1' }), cell('direct', { p2: '2' })]);
  expect(brief(records)).toEqual(['direct/p2=1: pass', 'direct/p2=2: broken']);
  expect(records[1]?.why).toMatch(/^contaminated: /);
  expect(records[1]?.earlier?.verdict).toBe('fail');
});

test('repeats are played and numbered; a pass after a fail is flaky', async () => {
  const world = new FakeWorld();
  let plays = 0;
  world.meets = ({ psk }) => psk === 'good' && ++plays > 1;
  const { records } = await world.run([cell('direct')], { repeat: 3 });
  expect(records.map(({ repeat, verdict, flaky, seed }) => [repeat, verdict, flaky, seed])).toEqual([
    [1, 'fail', false, 's'],
    [2, 'pass', true, 's.2'],
    [3, 'pass', true, 's.3'],
  ]);
});
