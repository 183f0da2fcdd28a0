import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellId, parseCellId } from '../harness/cell.ts';
import type { CellRecord } from '../harness/record.ts';
import type { RunSummary } from '../harness/records/summary.ts';
import { exampleRecord } from '../harness/records/testing/example-record.ts';
import { condense } from './condense.ts';
import { readInputs } from './input.ts';
import { recordingText } from './recording.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-condense-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const none = { pass: 0, fail: 0, unsupported: 0, unavailable: 0, broken: 0 };
const summary: RunSummary = {
  schema: 1,
  run: 'run-1',
  command: 'npm test -- --tier nightly',
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 20_000,
  exitStatus: 0,
  interrupted: false,
  passed: 3,
  failed: 0,
  counts: none,
  disputed: none,
  flaky: 0,
  notRun: 2,
  labs: [
    {
      topology: 'direct',
      id: 'lab-a',
      upMs: 3000.4,
      connectingMs: [1500.2, 900],
      otherMs: [700],
      downMs: 200.6,
    },
    { topology: 'direct', id: 'lab-b', upMs: 2000, connectingMs: [], otherMs: [2500] },
  ],
};

const traffic: NonNullable<NonNullable<CellRecord['observed']>['traffic']> = {
  target: '192.168.2.10',
  pingToServer: { sent: 5, received: 5 },
  pingToClient: { sent: 5, received: 5 },
  traceroute: [],
  bytesEachWay: 1,
  sustained: false,
  failures: [],
};
const connect: CellRecord['expectation'] = { outcome: { kind: 'connect' }, checks: [], rules: [] };
const connected: CellRecord['observed'] = {
  outcome: 'connected',
  stageReached: 'traffic',
  traffic,
  checks: [],
};

function record(id: string, changes: Partial<CellRecord>): CellRecord {
  const axes = parseCellId(id);
  return exampleRecord({
    run: 'run-1',
    cell: cellId(axes),
    axes: { ...axes },
    expectation: connect,
    observed: connected,
    host: { machine: 'x64, Linux 6.1', engine: 'Docker 20.10', tun: '/dev/net/tun' },
    versions: { checkout: 'abc', client: 'ts stack 1', responder: 'strongswan 5.9.8' },
    ...changes,
  });
}

const lab = (id: string, cellNumber: number): NonNullable<CellRecord['lab']> => ({
  id,
  state: cellNumber === 1 ? 'fresh' : 'reused',
  cellNumber,
});
const first = record('direct/responder=strongswan', {
  durationMs: 4600,
  connectMs: 812.4,
  lab: lab('lab-a', 1),
});
const further = record('direct/responder=strongswan/p2=1', { durationMs: 910, lab: lab('lab-a', 2) });
const canary = record('direct/responder=strongswan/psk=wrong', { canary: true, verdict: 'fail' });

function writeRun(records: readonly object[], of: object = summary): string {
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(of));
  writeFileSync(join(folder, 'results.jsonl'), records.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return folder;
}

test('a run, its labs and its cells in a few hundred octets each; the canary is no cell', () => {
  const recording = condense(writeRun([first, further, canary]));
  expect(recording.runs).toEqual([
    {
      line: 'run',
      form: 1,
      run: 'run-1',
      startedAt: '2026-01-02T03:04:05.000Z',
      durationMs: 20_000,
      command: 'npm test -- --tier nightly',
      notRun: 2,
      machine: 'x64, Linux 6.1',
      engine: 'Docker 20.10',
      checkout: 'abc',
      peers: { ts: ['ts stack 1'], strongswan: ['strongswan 5.9.8'] },
    },
  ]);
  expect(recording.labs).toEqual([
    { line: 'lab', run: 'run-1', lab: 'lab-a', topology: 'direct', upMs: 3000, downMs: 201 },
    { line: 'lab', run: 'run-1', lab: 'lab-b', topology: 'direct', upMs: 2000 },
  ]);
  expect(recording.cells).toEqual([
    {
      line: 'cell',
      run: 'run-1',
      cell: 'direct/responder=strongswan',
      repeat: 1,
      expected: ['connect'],
      verdict: 'pass',
      why: first.why,
      outcomes: ['connected'],
      reached: 'traffic',
      lab: 'lab-a',
      connectMs: 812,
      // The record's 4600 hold the 3000 of bringing the lab up.
      cellMs: 1500,
    },
    expect.objectContaining({ cell: 'direct/responder=strongswan/p2=1', cellMs: 910 }),
  ]);
  for (const line of recordingText(recording).split('\n')) expect(line.length).toBeLessThan(500);
});

test('what did not connect has its place, and the time of its own', () => {
  const expectation = {
    ...connect,
    outcome: { kind: 'stop', stage: 'phase1', reason: 'auth-failed' },
  } as const;
  const stopped = record('direct/psk=wrong', {
    expectation,
    observed: { outcome: 'stopped at phase1: auth-failed', stageReached: 'nat-detection', checks: [] },
    durationMs: 4500,
    lab: lab('lab-b', 1),
  });
  expect(condense(writeRun([stopped, canary])).cells).toMatchObject([
    {
      expected: ['phase1: auth-failed'],
      outcomes: ['stopped at phase1: auth-failed'],
      reached: 'nat-detection',
      cellMs: 2500,
    },
  ]);
});

test('of several clients each has its own; the cell connected where all did', () => {
  const stop = { kind: 'stop', stage: 'traffic', reason: 'no-traffic' } as const;
  const observed = { outcome: 'stopped at traffic: no-traffic', checks: [] };
  const others = [
    { client: 2, verdict: 'pass', why: '', expectation: { ...connect, outcome: stop }, observed } as const,
  ];
  const two = record('direct/clients=2', { durationMs: 9000, lab: lab('lab-a', 1), others });
  expect(condense(writeRun([two, canary])).cells).toMatchObject([
    {
      expected: ['connect', 'traffic: no-traffic'],
      outcomes: ['connected', 'stopped at traffic: no-traffic'],
      cellMs: 700,
    },
  ]);
});

test('a cell that was not played has neither time nor version', () => {
  const { observed: _, ...bare } = record('direct/responder=softether/p2=1', {
    verdict: 'unsupported',
    why: 'it cannot',
    versions: { checkout: 'abc' },
  });
  const { runs, cells } = condense(writeRun([bare]));
  expect(runs).toMatchObject([{ peers: {} }]);
  expect(cells).toEqual([
    {
      line: 'cell',
      run: 'run-1',
      cell: 'direct/responder=softether/p2=1',
      repeat: 1,
      expected: ['connect'],
      verdict: 'unsupported',
      why: 'it cannot',
      outcomes: [],
    },
  ]);
});

test('a run whose canary did not fail is refused: nothing in it counts', () => {
  const refusal = (found: string) => expect.objectContaining({ code: 'bad-data', found });
  expect(() => condense(writeRun([first, { ...canary, verdict: 'pass' }]))).toThrow(
    refusal(expect.stringContaining('the canary passed')),
  );
  expect(() => condense(writeRun([first]))).toThrow(
    refusal(expect.stringContaining('the canary did not run')),
  );
});

test('a record of another schema version is refused with file and line', () => {
  expect(() => condense(writeRun([first, { ...further, schema: 99 }, canary]))).toThrow(
    expect.objectContaining({
      doing: expect.stringContaining('results.jsonl:2'),
      found: expect.stringContaining('its schema version is 99'),
    }),
  );
});

test('a run that did not come to its end is refused', () => {
  writeFileSync(join(folder, 'results.jsonl'), `${JSON.stringify(first)}\n`);
  expect(() => condense(folder)).toThrow(
    expect.objectContaining({ found: expect.stringContaining('did not come to its end') }),
  );
  writeFileSync(join(folder, 'summary.json'), '{}');
  expect(() => condense(folder)).toThrow(
    expect.objectContaining({ found: expect.stringContaining('it is no summary of this version') }),
  );
});

test('an input is a run, its results.jsonl or a recorded file', () => {
  writeRun([first, canary]);
  const recorded = join(folder, 'small.jsonl');
  const run = condense(folder);
  writeFileSync(recorded, recordingText(run));
  for (const path of [folder, join(folder, 'results.jsonl'), recorded])
    expect(readInputs([path])).toEqual(run);
});
