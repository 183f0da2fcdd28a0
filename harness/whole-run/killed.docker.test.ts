import { test } from 'vitest';
import { watchdogsPatience } from '../reaper/testing/patience.ts';
import { beforeItEnds, type Checkout } from './testing/checkout.ts';
import { EngineWatch } from './testing/engine-watch.ts';
import { firstPacket, inLab, starts } from './testing/moments.ts';
import { ownCheckouts } from './testing/own-checkouts.ts';
import { leftOf, namespacesOfCheckout, nothing } from './testing/traces.ts';

/** Stops after some two seconds, in which nothing but its client's messages moves. */
const silent = 'office-nat/nat=no-forwards';

interface Moment {
  readonly when: string;
  readonly cell: string;
  /** Resolves at that moment of the run's life. */
  readonly comes: (watch: EngineWatch) => Promise<unknown>;
}

const moments: readonly Moment[] = [
  {
    when: 'while the lab comes up',
    cell: silent,
    comes: (watch) => watch.first((event) => inLab(event) && event.action === 'create'),
  },
  { when: 'while it is wired', cell: silent, comes: (watch) => watch.first(starts('ip -batch')) },
  { when: 'while a cell connects', cell: silent, comes: firstPacket },
  { when: 'while traffic flows', cell: 'office-nat', comes: (watch) => watch.first(starts('iperf3 -J')) },
  {
    when: 'while the lab goes down',
    cell: silent,
    comes: (watch) => watch.first((event) => inLab(event) && event.action === 'kill'),
  },
];

const newCheckout = ownCheckouts();
const wrecked: Checkout[] = [];

/** Each in a checkout of its own: no other run's start cleans up for the watchdog. */
test.concurrent.for(moments)('kill -9 $when leaves nothing', async ({ cell, comes }, { expect }) => {
  const checkout = newCheckout();
  wrecked.push(checkout);
  using watch = await EngineWatch.of(checkout.mark);
  const run = checkout.start('test', '--cell', cell);
  await beforeItEnds(run, comes(watch));
  // Stopped, it stays at that moment for as long as it takes to look.
  run.kill('SIGSTOP');
  const namespaces = await namespacesOfCheckout(checkout);
  run.kill('SIGKILL');
  expect((await run).signal).toBe('SIGKILL');
  expect(watch.containers.size).toBeGreaterThan(0);
  const left = () => leftOf(checkout, namespaces, watch.containers);
  await expect.poll(left, watchdogsPatience).toEqual(nothing);
});

test('the next run starts clean', async ({ expect }) => {
  const [checkout = newCheckout()] = wrecked;
  using watch = await EngineWatch.of(checkout.mark);
  const { exitCode, all } = await checkout.start('test', '--cell', silent, '--repeat', '2');
  expect(exitCode, all).toBe(0);
  expect(checkout.latestRecords()).toMatchObject([
    { cell: silent, repeat: 1, verdict: 'pass', lab: { state: 'fresh', cellNumber: 1 } },
    { cell: silent, repeat: 2, verdict: 'pass', lab: { state: 'reused', cellNumber: 2 } },
    { canary: true, verdict: 'fail', lab: { state: 'reused', cellNumber: 3 } },
  ]);
  await expect.poll(() => leftOf(checkout, new Set(), watch.containers)).toEqual(nothing);
});
