import { expect, test } from 'vitest';
import type { Verdict } from '../record.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { exitStatus, type RunResult, whyBroken } from './exit-status.ts';

const result = (verdicts: readonly Verdict[], changes: Partial<RunResult> = {}): RunResult => ({
  records: verdicts.map((verdict) => exampleRecord({ verdict })),
  units: undefined,
  disagreements: 0,
  interrupted: false,
  complaint: undefined,
  allowUnavailable: false,
  ...changes,
});
const status = (...of: Parameters<typeof result>) => exitStatus(result(...of));

// The statuses are those that the README promises.
test.each<[Verdict[], Partial<RunResult>, number]>([
  [['pass'], {}, 0],
  [['pass', 'unsupported'], {}, 0],
  [['pass', 'fail'], {}, 1],
  [['pass'], { disagreements: 1 }, 1],
  [['broken', 'fail', 'unavailable'], {}, 1],
  [['pass', 'broken'], {}, 3],
  [['pass', 'unavailable'], {}, 3],
  [['pass', 'unavailable'], { allowUnavailable: true }, 0],
  [['unsupported'], {}, 3],
  [['unavailable'], { allowUnavailable: true }, 3],
  [[], {}, 3],
  [['pass'], { complaint: 'the canary passed' }, 3],
  [['fail'], { complaint: 'the canary passed' }, 1],
  [['pass', 'fail'], { interrupted: true }, 130],
  [['pass'], { units: { passed: 3, failed: 1, skipped: 0, failures: [] } }, 1],
  [['unavailable'], { units: { passed: 3, failed: 0, skipped: 0, failures: [] } }, 3],
  [['unavailable'], { units: { passed: 3, failed: 0, skipped: 0, failures: [] }, allowUnavailable: true }, 0],
])('%j with %j gives %i', (verdicts, changes, expected) => {
  expect(status(verdicts, changes)).toBe(expected);
});

test('what no containers can be does not fail a run in which something else ran', () => {
  const beyond = exampleRecord({ verdict: 'unavailable', beyondFabric: true });
  const passed = exampleRecord({ verdict: 'pass' });
  expect(status([], { records: [passed, beyond] })).toBe(0);
  expect(status([], { records: [beyond] })).toBe(3);
  expect(status([], { records: [passed, beyond, exampleRecord({ verdict: 'unavailable' })] })).toBe(3);
});

// An attempt at what is declared unsupported: the declaration may hold, is false, or nothing came of it.
test.each<[Verdict, string | undefined, Verdict[], number]>([
  ['fail', undefined, [], 0],
  ['pass', undefined, [], 1],
  ['pass', undefined, ['pass'], 1],
  ['pass', 'direct', [], 0],
  ['broken', undefined, [], 3],
  ['broken', undefined, ['pass'], 0],
  ['fail', undefined, ['broken'], 3],
])('an attempt that came out %s, same as %s, beside %j gives %i', (verdict, sameAs, verdicts, expected) => {
  const attempted = { verdict, why: '', files: { captures: {}, logs: {} }, ...(sameAs && { sameAs }) };
  const records = [
    exampleRecord({ verdict: 'unsupported', attempted }),
    ...verdicts.map((other) => exampleRecord({ verdict: other })),
  ];
  expect(status([], { records })).toBe(expected);
});

test.each<[Verdict[], Partial<RunResult>, string | undefined]>([
  [['pass', 'broken', 'broken'], {}, '2 cells are broken'],
  [
    ['pass', 'unavailable'],
    {},
    '1 cell is unavailable here; with --allow-unavailable a run passes without them',
  ],
  [['unsupported'], {}, 'no cell was played'],
  [['unavailable', 'unavailable'], { allowUnavailable: true }, 'no cell was played'],
  [['pass', 'unavailable'], { allowUnavailable: true }, undefined],
  [['pass'], {}, undefined],
  [['fail', 'broken'], {}, undefined],
  [['pass'], { complaint: 'the canary passed' }, undefined],
  [['pass'], { interrupted: true }, undefined],
])('of %j with %j it says %j', (verdicts, changes, why) => {
  expect(whyBroken(result(verdicts, changes))).toBe(why);
});
