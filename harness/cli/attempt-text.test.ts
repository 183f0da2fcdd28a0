import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Verdict } from '../record.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { attemptTexts } from './attempt-text.ts';
import { runSummary } from './run-summary.ts';

const files = { captures: {}, logs: {} };
const attempt = (p2: string, verdict: Verdict, why: string, sameAs?: string) =>
  exampleRecord({
    cell: `direct/p2=${p2}`,
    verdict: 'unsupported',
    why: `none can be left out (manual ${p2})`,
    attempted: { verdict, why, files, ...(sameAs && { sameAs }) },
    replay: `npm test -- --cell direct/p2=${p2} --seed 1 --attempt-unsupported`,
  });
const records = [
  exampleRecord(),
  attempt('1', 'fail', 'expected to connect, but conflict'),
  attempt('2', 'pass', 'connected as expected'),
  attempt('3', 'broken', 'could not be attempted: no such setting'),
  attempt('4', 'pass', 'connected as expected', 'direct'),
  exampleRecord({ cell: 'direct/p2=4-1', verdict: 'unsupported', why: 'not attempted' }),
];

test('false declarations come first, each with its text and what shows it again', () => {
  expect(attemptTexts(records).map(stripVTControlCharacters)).toEqual([
    'declared unsupported, works after all: 1',
    '  direct/p2=2: none can be left out (manual 2)',
    '      again: npm test -- --cell direct/p2=2 --seed 1 --attempt-unsupported',
    'declared unsupported, fails when played: 1',
    '  direct/p2=1: none can be left out (manual 1)',
    '      came: expected to connect, but conflict',
    'declared unsupported, not known: 2',
    '  direct/p2=3: none can be left out (manual 3)',
    '      came: could not be attempted: no such setting',
    '  direct/p2=4: none can be left out (manual 4)',
    '      came: connected as expected; nothing else is expected of direct',
  ]);
  expect(attemptTexts([exampleRecord()])).toEqual([]);
});

test('the summary lists the cells by what came of them', () => {
  const frame = {
    run: 'r',
    command: '',
    startedAt: new Date(0),
    durationMs: 1,
    exitStatus: 1,
    interrupted: false,
  };
  const outcome = { records, canary: undefined, labs: [], notRun: [], failure: undefined };
  expect(runSummary(frame, outcome, undefined, undefined)).toMatchObject({
    counts: { pass: 1, unsupported: 5 },
    attempts: {
      worksAfterAll: ['direct/p2=2'],
      failsWhenPlayed: ['direct/p2=1'],
      notKnown: ['direct/p2=3', 'direct/p2=4'],
    },
  });
  expect(
    runSummary(frame, { ...outcome, records: [exampleRecord()] }, undefined, undefined),
  ).not.toHaveProperty('attempts');
});
