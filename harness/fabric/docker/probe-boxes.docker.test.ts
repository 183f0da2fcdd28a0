import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadNatKind, natKindNames } from '../../nat-kinds.ts';
import { networkSettings } from '../../network-settings.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { dockerFabric } from './docker-fabric.ts';
import type { DockerLab } from './lab.ts';
import { realisation } from './nat-kind-rules.ts';
import { smallTopology } from './small-topology.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
let run: Run;
let lab: DockerLab;

beforeAll(async () => {
  run = await beginRun(root);
  const fabric = dockerFabric(run, () => {});
  lab = await fabric.up({ topology: smallTopology, images: {}, keep: false }, signal);
});

afterAll(async () => {
  await endRun(run);
  rmSync(root, { recursive: true });
});

const kinds = natKindNames().map((name) => [name, realisation(loadNatKind(name), 1).how] as const);

test.each(kinds.filter(([, how]) => how !== 'unavailable'))(
  'a real box is %s as it declares (%s), and the record says by which means',
  async (name, how) => {
    await lab.probeBoxes(name, 1, signal);
    const said = lab.versions['NAT box gw'];
    expect(said).toEqual(how === 'approximated' ? expect.stringContaining('approximated: for one') : said);
    expect(said === undefined).toBe(name === 'linux');
  },
);

test.each(kinds.filter(([, how]) => how === 'unavailable'))(
  '%s is refused before anything is set',
  async (name) => {
    await expect(lab.probeBoxes(name, 1, signal)).rejects.toMatchObject({ code: 'unavailable' });
  },
);

test('variants of forwards behave, and what they lack is closed', async () => {
  for (const variant of ['closed', 'esp-passes']) await lab.probeBoxes(variant, 1, signal);
  expect(networkSettings(smallTopology, 'closed').nats.gw?.forwards).toEqual([]);
});

test('a box that something else makes misbehave is refused, with the property by name', async () => {
  const mangle = (change: string, what: string) =>
    lab.node('gw').exec(['sh', '-c', `iptables -t mangle ${change} FORWARD ${what} -j DROP`], { signal });
  // No reset touches this table. Answers from a second port are what the probe takes for wider filtering.
  const answers = '-p udp --sport 9001';
  expect(await mangle('-A', answers)).toMatchObject({ exitCode: 0 });
  await expect(lab.probeBoxes('closed+linux-esp', 1, signal)).rejects.toMatchObject({
    code: 'broken',
    found: expect.stringContaining(
      'filtering is declared address-and-port-dependent and is closed to answers',
    ),
  });
  await mangle('-D', answers);
  await lab.probeBoxes('closed+linux-esp', 1, signal);
});
