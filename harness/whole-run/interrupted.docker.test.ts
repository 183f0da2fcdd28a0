import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'vitest';
import { watchdogsPatience } from '../reaper/testing/patience.ts';
import { summarySchema } from '../records/summary.ts';
import { beforeItEnds, type Checkout, type Started, said } from './testing/checkout.ts';
import { EngineProxy } from './testing/engine-proxy.ts';
import { EngineWatch } from './testing/engine-watch.ts';
import { firstPacket, inLab } from './testing/moments.ts';
import { ownCheckouts } from './testing/own-checkouts.ts';
import { leftOf, namespacesOfCheckout, nothing } from './testing/traces.ts';

/** Cells that stop after some two seconds, and more of them than end while a test looks at one. */
const first = 'office-nat/nat=no-forwards';
const repeats = 40;
const cells = ['--cell', first, '--repeat', `${repeats}`];
/** A line of the table at the end. */
const row = /│ office-nat\/nat=no-forwards(?: @\d+)? +│ pass/g;

const newCheckout = ownCheckouts();

function summaryOf({ path }: Checkout) {
  return summarySchema.parse(
    JSON.parse(readFileSync(join(path, 'results', 'latest', 'summary.json'), 'utf8')),
  );
}

interface Way {
  readonly how: string;
  readonly start: (checkout: Checkout) => Started;
  readonly interrupt: (run: Started) => void;
}

const ways: readonly Way[] = [
  {
    // Shell, npm and our process all get the signal, and npm sends it on once more. As at a terminal, the shell lives on.
    how: 'to the process group, as a terminal does',
    start: (checkout) => checkout.type(`trap : INT; npm test -- ${cells.join(' ')}`),
    interrupt: ({ pid = 0 }) => process.kill(-pid, 'SIGINT'),
  },
  {
    how: 'to the process alone, as "timeout -s INT" does',
    start: (checkout) => checkout.start('test', ...cells),
    interrupt: (run) => run.kill('SIGINT'),
  },
];

test.concurrent.for(ways)('Ctrl-C $how cleans up and tells what was finished', async (way, { expect }) => {
  const checkout = newCheckout();
  using watch = await EngineWatch.of(checkout.mark);
  const run = way.start(checkout);
  await said(run, `pass  ${first}`);
  const namespaces = await namespacesOfCheckout(checkout);
  way.interrupt(run);
  const { exitCode, all } = await run;
  expect(exitCode, all).toBe(130);
  expect(all.match(/Interrupted: cleaning up/g)).toHaveLength(1);
  const records = checkout.latestRecords();
  const finished = records.length;
  expect(finished).toBeGreaterThan(0);
  expect(finished).toBeLessThan(repeats);
  expect(records).toMatchObject(
    records.map((_, index) => ({ cell: first, verdict: 'pass', repeat: index + 1 })),
  );
  expect(all.match(row)).toHaveLength(finished);
  const played = { passed: finished, notRun: repeats - finished };
  expect(summaryOf(checkout)).toMatchObject({ interrupted: true, exitStatus: 130, ...played });
  await expect.poll(() => leftOf(checkout, namespaces, watch.containers)).toEqual(nothing);
});

test.concurrent('Ctrl-C while the lab comes up takes down what is there', async ({ expect }) => {
  const checkout = newCheckout();
  using watch = await EngineWatch.of(checkout.mark);
  const run = checkout.start('test', ...cells);
  await beforeItEnds(
    run,
    watch.first((event) => inLab(event) && event.action === 'create'),
  );
  run.kill('SIGINT');
  const { exitCode, all } = await run;
  expect(exitCode, all).toBe(130);
  expect(checkout.latestRecords()).toEqual([]);
  expect(summaryOf(checkout)).toMatchObject({ interrupted: true, passed: 0, notRun: repeats });
  await expect.poll(() => leftOf(checkout, new Set(), watch.containers)).toEqual(nothing);
});

test.concurrent('a second Ctrl-C ends a clean-up that hangs, and the watchdog does it', async ({
  expect,
}) => {
  const checkout = newCheckout();
  using watch = await EngineWatch.of(checkout.mark);
  using proxy = new EngineProxy(join(checkout.path, 'engine.sock'));
  const run = checkout.startIn({ DOCKER_HOST: proxy.host }, 'test', ...cells);
  await beforeItEnds(run, firstPacket(watch));
  proxy.hold();
  const namespaces = await namespacesOfCheckout(checkout);
  const hears = said(run, 'Interrupted: cleaning up');
  run.kill('SIGINT');
  await hears;
  // A person's second one; npm's echo of the first comes at once and does not count.
  while (run.kill('SIGINT')) await delay(100);
  const { exitCode, all } = await run;
  expect(exitCode, all).toBe(130);
  expect(existsSync(join(checkout.path, 'results', 'latest', 'summary.json'))).toBe(false);
  const left = () => leftOf(checkout, namespaces, watch.containers);
  // Until the engine answers again everything stands, and is seen to stand.
  const standing = await left();
  expect(standing.containers).toHaveLength(6);
  expect(standing.namespaces).toEqual([...namespaces]);
  expect(standing.processes).toContainEqual(expect.stringContaining('watchdog-main'));
  expect(standing.runFiles).toHaveLength(1);
  proxy.release();
  await expect.poll(left, watchdogsPatience).toEqual(nothing);
});
