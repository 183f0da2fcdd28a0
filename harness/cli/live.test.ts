import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { expect, test, vi } from 'vitest';
import { exampleRecord } from '../records/testing/example-record.ts';
import { liveProgress } from './live.ts';

/** What a run shows on a stream that is no terminal. */
function shown(show: (live: ReturnType<typeof liveProgress>) => void): string {
  const stream = Object.assign(new PassThrough(), { isTTY: false });
  const live = liveProgress(stream as unknown as WriteStream);
  show(live);
  live.end();
  return stripVTControlCharacters(String(stream.read() ?? ''));
}

test('without a terminal each cell is one line when it ends, and steps are none', () => {
  const text = shown((live) => {
    live.onEvent({ event: 'lab-coming-up', topology: 'office-nat' });
    live.onEvent({ event: 'cell-started', cell: 'office-nat', number: 1, of: 2 });
    live.onEvent({ event: 'step', cell: 'office-nat', step: 'phase1' });
    live.onEvent({ event: 'cell-ended', record: exampleRecord() });
    live.onEvent({ event: 'cell-ended', record: exampleRecord({ verdict: 'fail', why: 'no answer' }) });
  });
  expect(text).toBe('  1.2 s  pass  office-nat\n  1.2 s  fail  office-nat  no answer\n');
});

test('the canary is shown as what it is', () => {
  const text = shown((live) => {
    live.onEvent({ event: 'cell-ended', record: exampleRecord({ canary: true, verdict: 'fail' }) });
  });
  expect(text).toBe('  1.2 s  canary fail: office-nat\n');
});

test('a declaration that proved false is seen at once', () => {
  const attempted = { verdict: 'pass' as const, why: 'connected', files: { captures: {}, logs: {} } };
  const text = shown((live) => {
    const record = exampleRecord({ verdict: 'unsupported', why: 'takes no DES', attempted });
    live.onEvent({ event: 'cell-ended', record });
  });
  expect(text).toBe('  1.2 s  unsupported  office-nat  takes no DES  works after all\n');
});

test('on a terminal nothing moves below what a person is to read, until the run goes on', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  try {
    // Two lines high: what is to stay must not be cut to that.
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 2 });
    const since = () => stripVTControlCharacters(String(stream.read() ?? ''));
    const live = liveProgress(stream as unknown as WriteStream);
    live.onEvent({ event: 'cell-started', cell: 'office-nat', number: 1, of: 2 });
    vi.advanceTimersByTime(1000);
    expect(since()).toContain('1.0 s  1/2  office-nat');
    live.hold(['Paused', 'one', 'two', 'Enter goes on']);
    expect(since()).toContain('Paused\none\ntwo\nEnter goes on\n');
    vi.advanceTimersByTime(60_000);
    expect(since()).toBe('');
    live.onEvent({ event: 'cell-started', cell: 'direct', number: 2, of: 2 });
    expect(since()).toContain('2/2  direct');
    live.end();
  } finally {
    vi.useRealTimers();
  }
});
