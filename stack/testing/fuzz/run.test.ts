import { expect, test } from 'vitest';
import type { Finding } from './fuzz.ts';
import { type RunOptions, run } from './run.ts';
import { WorkerThread } from './worker-thread.ts';

const module = new URL('./planted.ts', import.meta.url).href;
const never = new AbortController().signal;
const options = (target: string, inputs: number): RunOptions => {
  return { tasks: [{ target, kind: 'codec', inputs }], seed: 'run', workers: 2, module };
};

test('a run gives a sound target exactly the inputs that were asked for, in two threads', async () => {
  const { tallies, findings, interrupted } = await run(options('sound', 120_000), never, () => {});
  expect(findings).toEqual([]);
  expect(interrupted).toBe(false);
  expect(tallies).toMatchObject([{ target: 'sound', inputs: 120_000, datagrams: 120_000 }]);
}, 60_000);

test('a fault is told once, and ends the work on its target', async () => {
  const { tallies, findings } = await run(options('throws', 200_000), never, () => {});
  expect(findings).toMatchObject([{ target: 'throws', fault: 'throws', alone: true }]);
  expect(findings[0]?.input).toEqual(Uint8Array.of(9));
  expect(tallies[0]?.inputs).toBeLessThan(200_000);
}, 60_000);

test('a run that is interrupted tells what it has done until then', async () => {
  const interrupt = new AbortController();
  const outcome = await run(options('sound', 1_000_000_000), interrupt.signal, () => interrupt.abort());
  expect(outcome.interrupted).toBe(true);
  expect(outcome.tallies[0]?.inputs).toBeGreaterThan(0);
  expect(outcome.tallies[0]?.inputs).toBeLessThan(1_000_000_000);
}, 60_000);

/** What a thread with little patience finds in one target. */
async function findingsIn(target: string): Promise<readonly Finding[]> {
  const thread = new WorkerThread(module, false, never, 1000);
  try {
    const { outcome } = await thread.do({ target, seed: 'run', inputs: 1_000_000, corpus: [] });
    return outcome.findings;
  } finally {
    await thread.end();
  }
}

test('an input that does not end is found from outside', async () => {
  const [finding] = await findingsIn('loops');
  expect(finding).toMatchObject({ target: 'loops', fault: 'hangs' });
  expect(finding?.input[0]).toBe(0xff);
}, 60_000);

test('an input that ends its thread is found, and does not end the others', async () => {
  const [finding] = await findingsIn('dies');
  expect(finding).toMatchObject({ target: 'dies', fault: 'throws' });
  expect(finding?.input[0]).toBe(0xff);
}, 60_000);
