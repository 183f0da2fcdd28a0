import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CellRecord } from '../record.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { largeRunProgress } from './large-run.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A large run, and what it has shown until now. */
function largeRun(of: number, isTTY = false) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 200, rows: 50 });
  const live = largeRunProgress(stream as unknown as WriteStream, of);
  const ended = (changes: Partial<CellRecord> = {}) =>
    live.onEvent({ event: 'cell-ended', record: exampleRecord(changes) });
  return { live, ended, shown: () => stripVTControlCharacters(String(stream.read() ?? '')) };
}

test('of what is as expected there is a number alone, at the end and now and then', () => {
  const { live, ended, shown } = largeRun(500);
  live.onEvent({ event: 'cell-started', cell: 'office-nat', number: 1, of: 500 });
  ended();
  ended({ verdict: 'unsupported', why: 'takes no DES' });
  ended({ verdict: 'unavailable', why: 'no engine' });
  expect(shown()).toBe('');
  vi.advanceTimersByTime(10_000);
  const counts = '1 pass, 0 fail, 1 unsupported, 1 unavailable';
  expect(shown()).toBe(` 10.0 s  3/500  ${counts}  0 cells/s\n`);
  live.end();
  expect(shown()).toBe(` 10.0 s  3/500  ${counts}  0 cells/s\n`);
  vi.advanceTimersByTime(60_000);
  expect(shown()).toBe('');
});

test('cells per second are those played in the time since the beginning', () => {
  const { live, ended, shown } = largeRun(500);
  for (let cell = 0; cell < 400; cell += 1) ended();
  vi.advanceTimersByTime(2000);
  live.end();
  expect(shown()).toBe('  2.0 s  400/500  400 pass, 0 fail  200 cells/s\n');
});

test.each<[string, Partial<CellRecord>, string]>([
  ['fails', { verdict: 'fail', why: 'no answer' }, 'fail  office-nat  no answer'],
  ['is broken', { verdict: 'broken', why: 'killed' }, 'broken  office-nat  killed'],
  ['is flaky', { flaky: true }, 'pass flaky  office-nat'],
  [
    'works after all',
    {
      verdict: 'unsupported',
      why: 'takes no DES',
      attempted: { verdict: 'pass', why: 'connected', files: { captures: {}, logs: {} } },
    },
    'unsupported  office-nat  takes no DES  works after all',
  ],
])('a cell that %s has a line of its own', (_, changes, line) => {
  const { ended, shown } = largeRun(500);
  ended(changes);
  expect(shown()).toBe(`  1.2 s  ${line}\n`);
});

test('of twenty thousand that fail the first are shown, and all are counted', () => {
  const { live, ended, shown } = largeRun(20_000);
  for (let cell = 0; cell < 20_000; cell += 1) ended({ verdict: 'fail', why: `reason ${cell}` });
  const lines = shown().trimEnd().split('\n');
  expect(lines).toHaveLength(21);
  expect(lines[19]).toContain('reason 19');
  expect(lines[20]).toBe('         further ones are counted, and results.jsonl has them');
  live.end();
  expect(shown()).toContain('20000/20000  0 pass, 20000 fail');
});

test('a canary counts as no cell, and is shown where it does not fail as it must', () => {
  const { live, ended, shown } = largeRun(1);
  ended({ canary: true, verdict: 'fail' });
  expect(shown()).toBe('');
  ended({ canary: true, verdict: 'pass' });
  expect(shown()).toContain('canary pass: office-nat');
  live.end();
  expect(shown()).toContain('0/1  0 pass, 0 fail');
});

test('on a terminal the counter moves in its place, and lines stay above it', () => {
  const { live, ended, shown } = largeRun(500, true);
  ended();
  vi.advanceTimersByTime(200);
  expect(shown()).toContain('1/500  1 pass, 0 fail');
  ended({ verdict: 'fail', why: 'no answer' });
  expect(shown()).toContain('fail  office-nat  no answer\n');
  live.end();
  expect(shown()).toContain('2/500  1 pass, 1 fail');
});

test('while a person is to read and type, nothing moves', () => {
  const { live, ended, shown } = largeRun(500, true);
  ended({ verdict: 'fail', why: 'no answer' });
  live.hold(['Paused', 'Enter goes on']);
  expect(shown()).toContain('Paused\nEnter goes on\n');
  vi.advanceTimersByTime(60_000);
  expect(shown()).toBe('');
  ended();
  vi.advanceTimersByTime(200);
  expect(shown()).toContain('2/500');
  live.end();
});
