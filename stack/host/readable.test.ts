import { beforeEach, expect, test, vi } from 'vitest';
import { type ReadOutcome, watchReadable } from './readable.ts';

/** Stands in for libuv's poll: the test says when the descriptor is ready, and with which status. */
const poll = vi.hoisted(() => ({
  ready: (_status: number) => {},
  starts: 0,
  closes: 0,
}));
vi.mock('koffi', () => {
  const handle = {
    start(_options: unknown, callback: (status: number) => void) {
      poll.ready = callback;
      poll.starts += 1;
    },
    close() {
      poll.closes += 1;
    },
  };
  return {
    default: {
      node: {
        poll(_fd: number, options: unknown, callback: (status: number) => void) {
          handle.start(options, callback);
          return handle;
        },
      },
    },
  };
});

beforeEach(() => {
  poll.starts = 0;
  poll.closes = 0;
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A descriptor that gives these outcomes one after another, then nothing. */
function watch(outcomes: ReadOutcome[]) {
  const failures: Error[] = [];
  let reads = 0;
  const readable = watchReadable(
    7,
    () => {
      reads += 1;
      return outcomes.shift() ?? 'empty';
    },
    (error) => failures.push(error),
  );
  return { readable, failures, reads: () => reads };
}

test('everything there is is read, outside the poll callback', async () => {
  const { reads } = watch(['packet', 'packet']);
  poll.ready(0);
  expect(reads()).toBe(0);
  await nextTurn();
  expect(reads()).toBe(3);
});

test('a flood leaves the others their turn: 64 packets, then the poll again', async () => {
  const { reads } = watch(Array.from({ length: 100 }, () => 'packet' as const));
  poll.ready(0);
  await nextTurn();
  expect(reads()).toBe(64);
  poll.ready(0);
  await nextTurn();
  expect(reads()).toBe(101);
});

test('a watch that libuv ended on an error condition is started again', async () => {
  const { reads, failures } = watch(['packet']);
  poll.ready(-9);
  await nextTurn();
  expect([poll.starts, failures.length]).toEqual([2, 0]);
  poll.ready(0);
  await nextTurn();
  expect(reads()).toBe(3);
});

test('a lost descriptor ends the watch and is told once', async () => {
  const lost = new Error('gone');
  const { reads, failures } = watch(['packet', lost, 'packet']);
  poll.ready(-9);
  await nextTurn();
  expect(failures).toEqual([lost]);
  expect([poll.starts, poll.closes]).toEqual([1, 1]);
  poll.ready(0);
  await nextTurn();
  expect(reads()).toBe(2);
});

test('nothing is read after close, not even what was announced before', async () => {
  const { readable, reads } = watch(['packet']);
  poll.ready(0);
  readable.close();
  readable.close();
  await nextTurn();
  expect([reads(), poll.closes]).toEqual([0, 1]);
});
