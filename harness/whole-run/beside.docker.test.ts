import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLadder } from '../measure/ladder.ts';
import { sidesOf } from '../measure/sides.ts';
import { compareLadders, tsharkLadder, tsharkVersion } from '../measure/testing/tshark.ts';
import { keptLabs } from '../reaper/labs.ts';
import type { CellRecord } from '../record.ts';
import { loadTopology } from '../topologies.ts';
import type { Checkout } from './testing/checkout.ts';
import { EngineWatch } from './testing/engine-watch.ts';
import { ownCheckouts } from './testing/own-checkouts.ts';
import { type RunDocument, runDocumentSchema } from './testing/run-document.ts';
import { leftOf, nothing } from './testing/traces.ts';

/** Connecting cells and such as must not connect, mixed. */
const some = '^office-nat(/p2=[24]|/psk=wrong|/user=dialin2|/nat=no-forwards)?$';
const listed = [
  'office-nat',
  'office-nat/p2=2',
  'office-nat/p2=4',
  'office-nat/user=dialin2',
  'office-nat/psk=wrong',
  'office-nat/nat=no-forwards',
];
const newCheckout = ownCheckouts();
let checkout: Checkout;
let watch: EngineWatch;
let inListedOrder: RunDocument;
/** Two runs at once, with the same addresses, beside the kept lab of the first. */
let shuffled: readonly RunDocument[];

async function play(...options: readonly string[]): Promise<RunDocument> {
  const { exitCode, stdout, stderr } = await checkout.start('test', '--grep', some, '--json', ...options);
  expect(exitCode, stderr).toBe(0);
  return runDocumentSchema.parse(JSON.parse(stdout));
}

beforeAll(async () => {
  checkout = newCheckout();
  watch = await EngineWatch.of(checkout.mark);
  inListedOrder = await play('--keep');
  shuffled = await Promise.all([play('--shuffle=1'), play('--shuffle=2')]);
});

afterAll(() => watch[Symbol.dispose]());

test('--json gives the run as one document, as expected cell for cell, and a canary that failed', () => {
  const { summary, records, canary } = inListedOrder;
  expect(records.map(({ cell }) => cell)).toEqual(listed);
  expect(records.map(({ verdict }) => verdict)).toEqual(listed.map(() => 'pass'));
  expect(canary).toMatchObject({ verdict: 'fail', canary: true });
  expect(summary).toMatchObject({ exitStatus: 0, passed: listed.length, failed: 0, notRun: 0 });
});

test('shuffled cells give equal verdicts and stages', () => {
  const outcomes = ({ records }: RunDocument) =>
    new Map(records.map((record) => [record.cell, outcome(record)]));
  for (const run of shuffled) {
    expect(run.records.map(({ cell }) => cell)).not.toEqual(listed);
    expect(outcomes(run)).toEqual(outcomes(inListedOrder));
  }
});

test('runs at once have labs of their own', () => {
  const labs = [inListedOrder, ...shuffled].map(({ records }) => new Set(records.map(({ lab }) => lab?.id)));
  expect(new Set(labs.flatMap((ids) => [...ids])).size).toBe(3);
});

test('the kept lab outlives the runs beside it, still answers, and goes when it is told to', async () => {
  const [kept, ...others] = await keptLabs(checkout.path);
  expect(others).toEqual([]);
  expect(kept).toMatchObject({ topology: 'office-nat', run: inListedOrder.summary.run });
  // Through the NAT gateway, to the client.
  const ping = await checkout.start('shell', 'responder', 'ping', '-c', '1', '-w', '20', '198.18.1.10');
  expect(ping.exitCode, ping.all).toBe(0);
  const failing = await checkout.start('shell', 'server', 'sh', '-c', 'exit 7');
  expect(failing.exitCode, failing.all).toBe(7);
  const down = await checkout.start('down');
  expect(down).toMatchObject({ exitCode: 0, stdout: `office-nat (lab ${kept?.id}) is down.` });
  await expect.poll(() => leftOf(checkout, new Set(), watch.containers)).toEqual(nothing);
});

test.skipIf((await tsharkVersion()) === undefined)(
  'tshark decodes both sides of the NAT gateway as the message list that is claimed',
  async () => {
    const sides = sidesOf(loadTopology('office-nat'));
    const run = join(checkout.path, 'results', inListedOrder.summary.run);
    for (const { cell, files } of inListedOrder.records) {
      for (const segment of ['internet', 'interconn']) {
        const file = join(run, files.captures[segment] ?? '');
        const theirs = await tsharkLadder(file, sides, new AbortController().signal);
        expect(compareLadders(readLadder(file, sides), theirs), `${cell} on ${segment}`).toEqual([]);
        // Without pinholes nothing comes through the gateway (rule NAT-4).
        const isClosed = segment === 'interconn' && cell.endsWith('nat=no-forwards');
        expect(theirs.length === 0, `${cell} on ${segment}`).toBe(isClosed);
      }
    }
  },
);

/** What must not depend on what was played before. */
function outcome({ verdict, observed }: CellRecord) {
  const { client, responder } = observed ?? {};
  return {
    verdict,
    outcome: observed?.outcome,
    stageReached: observed?.stageReached,
    stages: [client, responder].map((peer) =>
      peer?.stages.map(({ stage, state, reason }) => [stage, state, reason]),
    ),
    proposals: [client?.phase1, client?.phase2],
  };
}
