import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { RunSummary } from '../harness/records/summary.ts';
import { readSummary, totals } from './totals.ts';

const none = { pass: 0, fail: 0, unsupported: 0, unavailable: 0, broken: 0 };
const green: RunSummary = {
  schema: 1,
  run: '20261120T120000-0000',
  command: 'npm test',
  startedAt: '2026-11-20T12:00:00Z',
  durationMs: 1000,
  exitStatus: 0,
  interrupted: false,
  passed: 12,
  failed: 0,
  counts: { ...none, pass: 2 },
  disputed: none,
  flaky: 0,
  notRun: 0,
  canary: { cell: 'canary', verdict: 'fail', why: 'as it must' },
  labs: [],
  units: { passed: 10, failed: 0, skipped: 0, failures: [] },
};

test('everything passed', () => {
  expect(totals(green, 0)).toBe('12 passed, 0 failed');
});

test.each<[string, Partial<RunSummary>, number, string]>([
  ['failures', { failed: 3, exitStatus: 1 }, 0, '12 passed, 3 failed'],
  ['a step before the tests', {}, 2, '12 passed, 2 failed'],
  [
    'cells that this machine could not play',
    { counts: { ...none, unavailable: 4 } },
    0,
    '12 passed, 4 failed',
  ],
  ['disputed ones among them', { disputed: { ...none, unavailable: 1 } }, 0, '12 passed, 1 failed'],
  ['cells that were not played', { notRun: 5 }, 0, '12 passed, 5 failed'],
  ['a run that no cell makes worthless, but its canary', { exitStatus: 3 }, 0, '12 passed, 1 failed'],
])('counts as failed: %s', (_, difference, failedSteps, line) => {
  expect(totals({ ...green, ...difference }, failedSteps)).toBe(line);
});

test('a run without a summary failed', () => {
  expect(totals(undefined, 0)).toBe('0 passed, 1 failed');
  expect(readSummary('no/such/summary.json')).toBeUndefined();
});

test('the line ends the gate with its exit status', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossnat-totals-'));
  try {
    const run = (summary: object) => {
      writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary));
      const program = join(import.meta.dirname, 'totals.ts');
      return execa(process.execPath, [program, join(folder, 'summary.json'), '0'], { reject: false });
    };
    expect(await run(green)).toMatchObject({ exitCode: 0, stdout: '12 passed, 0 failed' });
    expect(await run({ ...green, failed: 1 })).toMatchObject({ exitCode: 1, stdout: '12 passed, 1 failed' });
    expect(await run({ ...green, passed: 0 })).toMatchObject({ exitCode: 1, stdout: '0 passed, 0 failed' });
    expect(await run({ not: 'a summary' })).toMatchObject({ exitCode: 1, stdout: '0 passed, 1 failed' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
