import { expect, test } from 'vitest';
import { resultOf, resultText } from './pair-state.ts';
import type { CellLine } from './recording.ts';
import { exampleCell } from './testing/example-recording.ts';

const line = (changes: Partial<CellLine>) => exampleCell('direct', changes);
const said = (...lines: CellLine[]) => {
  const result = resultOf(lines);
  return result && resultText(result);
};
const stop: Partial<CellLine> = { expected: ['phase1: no-proposal-chosen'] };

test.each<[Partial<CellLine>, string]>([
  [{}, '✓ connects'],
  [stop, '✗ phase1: no-proposal-chosen'],
  [{ verdict: 'fail' }, '**FAILED**'],
  [{ ...stop, verdict: 'fail' }, '**FAILED**'],
  [{ verdict: 'unsupported' }, '– unsupported'],
  [{ verdict: 'unavailable' }, '? unavailable'],
  [{ verdict: 'broken' }, '? broken'],
  [{ flaky: true }, '✓ connects (flaky)'],
  [{ ...stop, disputed: true }, '✗ phase1: no-proposal-chosen (disputed)'],
  // The first client connects, the second must not.
  [{ expected: ['connect', 'traffic: no-traffic'] }, '✗ traffic: no-traffic'],
])('%j reads %s', (changes, text) => {
  expect(said(line(changes))).toBe(text);
});

test('the worst of several runs counts, and in how many it was so', () => {
  expect(said(line({}), line({ verdict: 'fail' }), line({}))).toBe('**FAILED** in 1 of 3 runs');
  expect(said(line({ verdict: 'broken' }), line({ verdict: 'fail' }))).toBe('**FAILED** in 1 of 2 runs');
  expect(said(line({}), line({}))).toBe('✓ connects');
});

test('of no line nothing is said', () => {
  expect(said()).toBeUndefined();
});
