import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseCellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { CellRecord } from '../record.ts';
import { readRecords } from '../records/read.ts';
import { readSummary } from '../records/read-summary.ts';
import { plannedName, type RunPlan, readRunPlan, selectionOf } from '../records/run-plan.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { allCells, examplePlan } from '../records/testing/example-shard.ts';
import { runToResume } from './earlier-run.ts';
import { mergeCommand } from './merge.ts';
import { runSummary } from './run-summary.ts';

let results: string;
let said: string[];
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'crossnat-merge-'));
  said = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(results, { recursive: true });
});

const merge = (...runs: string[]) => mergeCommand(runs, results);

/** A shard as a run leaves it: with its canary, its summary, and a capture of each cell. */
function shard(
  name: string,
  index: number,
  { plan: changes = {}, first = {} }: { plan?: Partial<RunPlan>; first?: Partial<CellRecord> } = {},
): string {
  const plan = examplePlan(index, changes);
  const { cells } = plan;
  const record = (cell: string, changed: Partial<CellRecord>) =>
    exampleRecord({ run: name, cell, axes: { ...parseCellId(cell) }, ...changed });
  const records = cells.map(({ cell }, at) => record(cell, at === 0 ? first : {}));
  const canary = record(`${cells[0]?.cell}/psk=wrong`, { canary: true, verdict: 'fail' });
  const frame = { run: name, command: plan.command, durationMs: 1000, exitStatus: 0, interrupted: false };
  const summary = runSummary(
    { ...frame, startedAt: new Date(`2026-01-02T03:0${index}:00Z`) },
    { records, canary, labs: [], notRun: [], failure: undefined },
    undefined,
    undefined,
  );
  const directory = join(results, name);
  for (const [at] of cells.entries()) {
    mkdirSync(join(directory, 'cells', `${index}-${at}`), { recursive: true });
    writeFileSync(join(directory, 'cells', `${index}-${at}`, 'wire.pcap'), name);
  }
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(directory, 'summary.json'), JSON.stringify(summary));
  const lines = [...records, canary].map((each) => `${JSON.stringify(each)}\n`);
  writeFileSync(join(directory, 'results.jsonl'), lines.join(''));
  return directory;
}

/** What a merge that is refused says; nothing may have been written, and no shard touched. */
function refusal(...runs: string[]): Pick<CrossnatError, 'doing' | 'found' | 'remedy'> {
  const before = contents(results);
  try {
    merge(...runs);
  } catch (error) {
    expect(contents(results)).toEqual(before);
    if (error instanceof CrossnatError) return error;
    throw error;
  }
  throw new Error('the merge was not refused');
}

function contents(directory: string): [string, string][] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file, 'utf8')]);
}

test('shards in any order become one run: every record, every canary, all evidence', () => {
  const [one, two] = [shard('one', 1), shard('two', 2, { first: { verdict: 'fail', why: 'no answer' } })];
  expect(merge('two', one)).toBe(1);
  const latest = join(results, 'latest');
  const records = readRecords(join(latest, 'results.jsonl'));
  const played = records.filter(({ canary }) => !canary);
  expect(played.map(plannedName)).toEqual(allCells.map(plannedName));
  expect(played.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'fail', 'pass']);
  expect(records.filter(({ canary }) => canary).map(({ run }) => run)).toEqual(['one', 'two']);
  // As if it had never been divided, so that it can be merged, resumed and reported like any other.
  const plan = readRunPlan(latest);
  expect([plan.cells, plan.shard, plan.selection]).toEqual([allCells, undefined, selectionOf(allCells)]);
  expect(readSummary(latest)).toMatchObject({
    exitStatus: 1,
    passed: 3,
    failed: 1,
    notRun: 0,
    startedAt: '2026-01-02T03:01:00.000Z',
    // From the beginning of the first to the end of the last.
    durationMs: 61_000,
  });
  expect(readdirSync(join(latest, 'cells')).sort()).toEqual(['1-0', '1-1', '2-0', '2-1']);
  expect(said[0]).toBe('2 shards joined');
  expect(readRecords(join(two, 'results.jsonl'))).toHaveLength(3);
});

test('a cell that was played again has its last record in the whole', () => {
  const one = shard('one', 1, { first: { verdict: 'broken', why: 'killed' } });
  const again = exampleRecord({ cell: 'direct', axes: { ...parseCellId('direct') } });
  appendFileSync(join(one, 'results.jsonl'), `${JSON.stringify(again)}\n`);
  expect(merge(one, shard('two', 2))).toBe(0);
  const records = readRecords(join(results, 'latest', 'results.jsonl'));
  expect(records.filter(({ cell }) => cell === 'direct').map(({ verdict }) => verdict)).toEqual(['pass']);
});

test.each([1, 2])('a shard whose canary passed breaks the whole, by name: shard %i', (which) => {
  const both = [shard('one', 1), shard('two', 2)];
  const passing = both[which - 1] ?? '';
  const file = join(passing, 'results.jsonl');
  const canaryOf = /("canary":true.*"verdict":)"fail"/;
  writeFileSync(file, readFileSync(file, 'utf8').replace(canaryOf, '$1"pass"'));
  expect(merge(...both)).toBe(3);
  expect(said.at(-1)).toContain(`${passing}: the canary passed`);
  // One that did not fail speaks for all of them.
  expect(readSummary(join(results, 'latest')).canary?.verdict).toBe('pass');
});

/** Something else in the summary of a shard. */
function withSummary(directory: string, changes: object): string {
  const file = join(directory, 'summary.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...changes }));
  return directory;
}

test('what one shard showed otherwise in two fabrics fails the whole', () => {
  const disagreements = [{ cell: 'direct', differences: ['verdict: pass (docker), fail (embedded)'] }];
  const one = withSummary(shard('one', 1), { agreement: { compared: 2, disagreements: [] } });
  const two = withSummary(shard('two', 2), { agreement: { compared: 1, disagreements } });
  expect(merge(one, two)).toBe(1);
  expect(readSummary(join(results, 'latest')).agreement).toEqual({ compared: 3, disagreements });
});

test('what a machine lacks breaks the whole where one shard minded, and does not where none did', () => {
  const lacking = { first: { verdict: 'unavailable', why: 'no engine' } } as const;
  const one = withSummary(shard('one', 1, lacking), { exitStatus: 3 });
  const two = shard('two', 2);
  expect(merge(one, two)).toBe(3);
  expect(merge(withSummary(one, { exitStatus: 0 }), two)).toBe(0);
});

test('a shard that is missing is named, with what to type for it', () => {
  expect(refusal(shard('one', 1))).toMatchObject({
    found: 'shard 2 of 2 is missing',
    remedy: expect.stringMatching(/: npm test -- --matrix --shard 2\/2$/),
  });
});

test('a shard that comes twice, under its own name and as a copy', () => {
  const [one, two, copy] = [shard('one', 1), shard('two', 2), shard('copy', 1)];
  expect(refusal(one, 'one', two).found).toBe(`shard 1 of 2 comes twice: ${one}`);
  expect(refusal(one, copy, two).found).toBe(`shard 1 of 2 comes twice: ${one} and ${copy}`);
});

test.each<[string, Partial<RunPlan>]>([
  ['checkout', { checkout: 'def' }],
  ['seed', { seed: '2' }],
  ['selection', { selection: { digest: 'x', cells: 3 } }],
  ['fabric', { fabric: 'docker' }],
])('a shard of another %s', (what, plan) => {
  const [one, two] = [shard('one', 1), shard('two', 2, { plan })];
  expect(refusal(one, two).found).toContain(`${two} is of another ${what} than ${one}`);
});

test('records and plans of another schema version, and lines that are none, by file and line', () => {
  const [one, two] = [shard('one', 1), shard('two', 2)];
  const file = join(two, 'results.jsonl');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/(\n.*"schema":)\d+/, '$199'));
  expect(refusal(one, two)).toMatchObject({
    doing: `reading the record ${file}:2`,
    found: expect.stringContaining('its schema version is 99'),
  });
  writeFileSync(file, text.replace('\n{', '\n['));
  expect(refusal(one, two)).toMatchObject({ doing: `reading the record ${file}:2` });
  writeFileSync(file, text);
  const plan = join(two, 'plan.json');
  writeFileSync(plan, readFileSync(plan, 'utf8').replace('"schema":1', '"schema":2'));
  expect(refusal(one, two)).toMatchObject({
    doing: `reading the plan ${plan}`,
    found: expect.stringMatching(/^schema: /),
  });
});

test('a run that was killed while it wrote a record lacks that cell, and can be resumed', () => {
  const [one, two] = [shard('one', 1), shard('two', 2)];
  const file = join(two, 'results.jsonl');
  const [first = ''] = readFileSync(file, 'utf8').split('\n');
  truncateSync(file, first.length + 1 + 40);
  expect(refusal(one, two)).toMatchObject({
    found: `${two} has no record of 1 of its 2 cells, office-nat among them`,
    remedy: `npm test -- --resume ${two} plays them`,
  });
  expect(runToResume(two, results, 'abc')).toMatchObject({
    records: [{ cell: 'hotel-nat' }],
    open: [{ cell: { topology: 'office-nat' } }],
  });
});

test('one that was killed before its canary plays one cell again beside it', () => {
  const [one, two] = [shard('one', 1), shard('two', 2)];
  const file = join(two, 'results.jsonl');
  const text = readFileSync(file, 'utf8');
  truncateSync(file, text.length - 40);
  expect(refusal(one, two)).toMatchObject({
    found: `${two} ended before its canary`,
    remedy: `npm test -- --resume ${two} plays it`,
  });
  expect(runToResume(two, results, 'abc').open).toMatchObject([{ cell: { topology: 'office-nat' } }]);
});

test.each([
  ['not there', undefined],
  ['no JSON', '{"schema":1,'],
  ['no summary of this version (schema: ', '{"schema":99}'],
])('one whose summary is %s is brought to its end by --resume', (found, text) => {
  const [one, two] = [shard('one', 1), shard('two', 2)];
  const file = join(two, 'summary.json');
  if (text === undefined) rmSync(file);
  else writeFileSync(file, text);
  expect(refusal(one, two)).toMatchObject({
    doing: `reading ${file}`,
    found: expect.stringContaining(found),
    remedy: `npm test -- --resume ${two} brings the run to its end`,
  });
  expect(runToResume(two, results, 'abc').open).toEqual([]);
});
