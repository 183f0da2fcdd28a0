import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { type Checkout, said } from './testing/checkout.ts';
import { EngineWatch } from './testing/engine-watch.ts';
import { ownCheckouts } from './testing/own-checkouts.ts';
import { leftOf, namespacesOfCheckout, nothing } from './testing/traces.ts';

/** A run at a terminal that waits after a cell that fails in earnest: its NAT gateway has lost its way out. */
const newCheckout = ownCheckouts();

function failing(): Checkout {
  const checkout = newCheckout();
  const topology = join(checkout.path, 'topologies', 'office-nat.yaml');
  const text = readFileSync(topology, 'utf8');
  writeFileSync(topology, text.replace(/^ *gateway: 198\.18\.2\.1\n/m, ''));
  return checkout;
}

/** Its line comes after the names of the nodes. */
const waits = 'Ctrl-C ends the run.';

test.concurrent('it waits with the lab up, says how to enter each node, and goes on at Enter', async ({
  expect,
}) => {
  const checkout = failing();
  using watch = await EngineWatch.of(checkout.mark);
  const run = checkout.typeAtTerminal('npm test -- --cell office-nat --pause');
  const text = await said(run, waits);
  expect(text).toMatch(/Paused: office-nat is fail: expected to connect, but stopped at phase1/);
  const nodes = [...text.matchAll(/^ {2}npm run shell -- (\w+\/([\w-]+))\r?$/gm)];
  const names = nodes.map(([, , name]) => name);
  expect(names).toEqual(expect.arrayContaining(['client', 'office-nat', 'responder', 'wire']));
  const [, node = ''] = nodes[names.indexOf('office-nat')] ?? [];
  const routes = await checkout.start('shell', node, 'ip', 'route');
  expect(routes.exitCode, routes.all).toBe(0);
  expect(routes.stdout).not.toContain('default');
  // It would have gone on to its canary long ago.
  expect(checkout.latestRecords()).toMatchObject([{ cell: 'office-nat', verdict: 'fail' }]);

  const namespaces = await namespacesOfCheckout(checkout);
  run.stdin.write('\n');
  const { exitCode, all } = await run;
  expect(exitCode, all).toBe(1);
  expect(checkout.latestRecords()).toMatchObject([{ canary: false }, { canary: true, verdict: 'fail' }]);
  await expect.poll(() => leftOf(checkout, namespaces, watch.containers)).toEqual(nothing);
});

test.concurrent('Ctrl-C while it waits ends the run and takes the lab down', async ({ expect }) => {
  const checkout = failing();
  using watch = await EngineWatch.of(checkout.mark);
  const run = checkout.typeAtTerminal('npm test -- --cell office-nat --pause');
  await said(run, waits);
  const namespaces = await namespacesOfCheckout(checkout);
  expect(namespaces.size).toBeGreaterThan(0);
  run.stdin.write('\u0003');
  const { exitCode, all } = await run;
  expect(exitCode, all).toBe(130);
  expect(all).toContain('Interrupted: cleaning up');
  expect(checkout.latestRecords()).toMatchObject([{ cell: 'office-nat', verdict: 'fail' }]);
  await expect.poll(() => leftOf(checkout, namespaces, watch.containers)).toEqual(nothing);
});

test.concurrent('without a terminal nobody could type Enter: it says so at once, and starts nothing', async ({
  expect,
}) => {
  const checkout = newCheckout();
  const { exitCode, stderr } = await checkout.start('test', '--cell', 'direct', '--pause');
  expect(exitCode, stderr).toBe(2);
  expect(stderr).toMatch(/standard input is no terminal.*\n.*--keep --bail/);
  expect(existsSync(join(checkout.path, 'results'))).toBe(false);
});
