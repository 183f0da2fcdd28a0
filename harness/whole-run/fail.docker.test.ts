import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CellRecord } from '../record.ts';
import type { Checkout } from './testing/checkout.ts';
import { ownCheckouts } from './testing/own-checkouts.ts';

/**
 * A cell that fails in earnest: the NAT gateway of the office has lost its default route, of which no rule
 * knows. The client's first message comes through, and no answer comes back.
 */
const defaultRoute = /^ *gateway: 198\.18\.2\.1\n/m;

const newCheckout = ownCheckouts();
let checkout: Checkout;
let said: string;
let exitCode: number | undefined;
let records: CellRecord[];

beforeAll(async () => {
  checkout = newCheckout();
  const topology = join(checkout.path, 'topologies', 'office-nat.yaml');
  const text = readFileSync(topology, 'utf8');
  expect(text).toMatch(defaultRoute);
  writeFileSync(topology, text.replace(defaultRoute, ''));
  const run = await checkout.type("npm test -- --grep '^office-nat(/p2=1)?$' --bail");
  [said, exitCode] = [run.all, run.exitCode];
  records = checkout.latestRecords();
});

test('a cell that is not as expected fails, with exit status 1, its id and why', () => {
  expect(exitCode, said).toBe(1);
  expect(records[0]).toMatchObject({
    cell: 'office-nat',
    verdict: 'fail',
    expectation: { outcome: { kind: 'connect' } },
  });
  expect(said).toContain(`fail  office-nat: ${records[0]?.why}`);
});

test('--bail stops there: the next cell is not played, the canary is', () => {
  expect(records.map(({ cell, canary }) => [cell, canary])).toEqual([
    ['office-nat', false],
    ['office-nat/psk=wrong', true],
  ]);
  expect(said).toMatch(/^not run +1: npm test -- --resume \S+ plays the rest$/m);
});

test('the printed command plays exactly that cell again, with the same outcome', async () => {
  const command = /again: (npm test .*)/.exec(said)?.[1] ?? '';
  expect(command).toBe(records[0]?.replay);
  const again = await checkout.type(command);
  expect(again.exitCode, again.all).toBe(1);
  const [record] = checkout.latestRecords();
  expect(record?.run).not.toBe(records[0]?.run);
  const outcome = ({ cell, seed, verdict, why, observed }: CellRecord) => ({
    cell,
    seed,
    verdict,
    why,
    observed: observed?.outcome,
    stageReached: observed?.stageReached,
  });
  expect(record && outcome(record)).toEqual(records[0] && outcome(records[0]));
});
