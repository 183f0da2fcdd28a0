import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellId } from '../cell.ts';
import type { CellRecord } from '../record.ts';
import { type RunPlan, selectionOf } from '../records/run-plan.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { lastFailed, runToResume } from './earlier-run.ts';
import { runSummary } from './run-summary.ts';

const cells = ['direct', 'hotel-nat', 'office-nat'].map((cell) => ({ cell, repeat: 1 }));
const plan: RunPlan = {
  schema: 1,
  command: 'npm test -- --matrix',
  checkout: 'abc',
  fabric: 'embedded',
  seed: '7',
  selection: selectionOf(cells),
  cells,
};

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'crossnat-earlier-'));
});
afterEach(() => rmSync(results, { recursive: true }));

function runWith(records: readonly CellRecord[], tail = '', planned: unknown = plan): void {
  const directory = join(results, 'run-1');
  mkdirSync(directory);
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(planned));
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  writeFileSync(join(directory, 'results.jsonl'), lines + tail);
  symlinkSync('run-1', join(results, 'latest'));
}
const record = (cell: string, changes: Partial<CellRecord> = {}) => exampleRecord({ cell, ...changes });

test('what has no whole record is still to play, in the order of the plan', () => {
  runWith([record('hotel-nat'), record('direct', { canary: true })], '{"schema":2,"cell":"office');
  const { open, records, run, plan: read } = runToResume('latest', results, 'abc');
  expect(open.map(({ cell }) => cellId(cell))).toEqual(['direct', 'office-nat']);
  expect(records).toHaveLength(2);
  expect([run, read.seed]).toEqual(['run-1', '7']);
});

test('each repeat has a record of its own', () => {
  runWith([record('direct')], '', { ...plan, cells: [1, 2].map((repeat) => ({ cell: 'direct', repeat })) });
  expect(runToResume('run-1', results, 'abc').open.map(({ repeat }) => repeat)).toEqual([2]);
});

/** As a run leaves it that came to its end, or was interrupted. */
function concluded(interrupted = false): void {
  const frame = { run: 'run-1', command: plan.command, startedAt: new Date(0), durationMs: 1, exitStatus: 0 };
  const outcome = { records: [], canary: undefined, labs: [], notRun: [], failure: undefined };
  const summary = runSummary({ ...frame, interrupted }, outcome, undefined, undefined);
  writeFileSync(join(results, 'run-1', 'summary.json'), JSON.stringify(summary));
}
const canary = record('direct/psk=wrong', { canary: true, verdict: 'fail' });

test.each([
  ['before its summary', [canary], () => {}, []],
  ['between its canary and its end', [canary], () => concluded(true), []],
  // The last that was judged: a canary is played beside a cell of its run.
  ['before its canary', [], () => concluded(true), ['office-nat']],
])('a run that ended %s lacks that alone', (_, canaries, end, open) => {
  runWith([...cells.map(({ cell }) => record(cell)), ...canaries]);
  end();
  expect(runToResume('run-1', results, 'abc').open.map(({ cell }) => cellId(cell))).toEqual(open);
});

test('a run of another checkout, one that is at its end, and what is no run', () => {
  runWith([...cells.map(({ cell }) => record(cell)), canary]);
  concluded();
  const resuming = (given: string, checkout: string) => () => runToResume(given, results, checkout);
  expect(resuming('run-1', 'def')).toThrow('was begun on checkout abc, and this is def');
  expect(resuming('run-1', 'abc')).toThrow('has its record');
  expect(resuming('run-2', 'abc')).toThrow('there is no directory run-2');
  expect(resuming(results, 'abc')).toThrow('it is not there');
});

test.each([
  [{ ...plan, schema: 2 }, 'schema'],
  [{ ...plan, cells: [{ cell: 'direct' }] }, 'cells.0.repeat'],
])('a plan of another version is refused', (other, found) => {
  runWith([], '', other);
  expect(() => runToResume('run-1', results, 'abc')).toThrow(found);
});

test('records of another schema version are refused with their line', () => {
  runWith([record('direct')], '{"schema":1}\n');
  expect(() => runToResume('run-1', results, 'abc')).toThrow('its schema version is 1, not 2');
});

test('what failed last: fails, what is broken or flaky, each once, and not the canary', () => {
  runWith([
    record('direct'),
    record('hotel-nat', { verdict: 'fail' }),
    record('hotel-nat', { verdict: 'broken', repeat: 2 }),
    record('office-nat', { flaky: true }),
    record('both-nat', { verdict: 'fail', canary: true }),
    record('shared-nat', { verdict: 'unsupported' }),
  ]);
  expect(lastFailed(results).map(cellId)).toEqual(['hotel-nat', 'office-nat']);
});

test('nothing failed last, and no last run', () => {
  expect(() => lastFailed(join(results, 'none'))).toThrow('there is no run in');
  runWith([record('direct')]);
  expect(() => lastFailed(results)).toThrow('nothing failed in run-1');
});
