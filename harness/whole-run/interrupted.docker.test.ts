import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'vitest';
import { summarySchema } from '../records/summary.ts';
import { beforeItEnds, type Checkout, type Started, said } from './testing/checkout.ts';
import { EngineProxy } from './testing/engine-proxy.ts';
import { EngineWatch } from './testing/engine-watch.ts';
import { firstPacket, inLab } from './testing/moments.ts';
import { ownCheckouts } from './testing/own-checkouts.ts';
import { leftOf, namespacesOfCheckout, nothing } from './testing/traces.ts';

/** Cells that stop; the first ends after some two seconds, and then the second plays. */
const two = '^office-nat/nat=';
const [first, second] = ['office-nat/nat=no-forwards', 'office-nat/nat=only-500'];

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
    start: (checkout) => checkout.type(`trap : INT; npm test -- --grep '${two}'`),
    interrupt: ({ pid = 0 }) => process.kill(-pid, 'SIGINT'),
  },
  {
    how: 'to the process alone, as "timeout -s INT" does',
    start: (checkout) => checkout.start('test', '--grep', two),
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
  expect(all).toContain(`│ ${first} │ pass`);
  expect(all).not.toContain(`${second} │`);
  expect(checkout.latestRecords()).toMatchObject([{ cell: first, verdict: 'pass' }]);
  expect(summaryOf(checkout)).toMatchObject({ interrupted: true, exitStatus: 130, passed: 1, notRun: 1 });
  await expect.poll(() => leftOf(checkout, namespaces, watch.containers)).toEqual(nothing);
});

test.concurrent('Ctrl-C while the lab comes up takes down what is there', async ({ expect }) => {
  const checkout = newCheckout();
  using watch = await EngineWatch.of(checkout.mark);
  const run = checkout.start('test', '--grep', two);
  await beforeItEnds(
    run,
    watch.first((event) => inLab(event) && event.action === 'create'),
  );
  run.kill('SIGINT');
  const { exitCode, all } = await run;
  expect(exitCode, all).toBe(130);
  expect(checkout.latestRecords()).toEqual([]);
  expect(summaryOf(checkout)).toMatchObject({ interrupted: true, passed: 0, notRun: 2 });
  await expect.poll(() => leftOf(checkout, new Set(), watch.containers)).toEqual(nothing);
});

test.concurrent('a second Ctrl-C ends a clean-up that hangs, and the watchdog does it', async ({
  expect,
}) => {
  const checkout = newCheckout();
  using watch = await EngineWatch.of(checkout.mark);
  using proxy = new EngineProxy(join(checkout.path, 'engine.sock'));
  const run = checkout.startIn({ DOCKER_HOST: proxy.host }, 'test', '--grep', two);
  await beforeItEnds(run, firstPacket(watch));
  const namespaces = await namespacesOfCheckout(checkout);
  proxy.hold();
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
  await expect.poll(left, { timeout: 15_000, interval: 250 }).toEqual(nothing);
});
