import { expect, test } from 'vitest';
import { withDeadline } from './deadline.ts';

const never = new AbortController().signal;

test('work that ends in time gives its value', async () => {
  expect(await withDeadline('adding', 60_000, never, async () => 3)).toBe(3);
});

test('work that ignores its signal is given up at the deadline, and the error says what hung', async () => {
  await expect(withDeadline('connecting', 1, never, () => new Promise(() => {}))).rejects.toMatchObject({
    code: 'broken',
    doing: 'connecting',
    found: 'no end within 0.001 s',
  });
});

test('the work is told of the deadline', async () => {
  const told = Promise.withResolvers<unknown>();
  const work = (signal: AbortSignal) =>
    new Promise<never>(() => signal.addEventListener('abort', () => told.resolve(signal.reason)));
  await expect(withDeadline('connecting', 1, never, work)).rejects.toThrow();
  expect(await told.promise).toMatchObject({ doing: 'connecting' });
});

test('an error of the work is passed on', async () => {
  const work = async () => {
    throw new RangeError('a bug');
  };
  await expect(withDeadline('connecting', 60_000, never, work)).rejects.toThrow(RangeError);
});

test('an interruption from outside ends the work with its reason', async () => {
  const outer = new AbortController();
  const waiting = withDeadline('connecting', 60_000, outer.signal, () => new Promise(() => {}));
  outer.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
  await expect(withDeadline('connecting', 60_000, outer.signal, async () => 3)).rejects.toThrow(
    'interrupted',
  );
});
