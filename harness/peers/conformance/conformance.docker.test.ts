import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import { peers } from '../registry.ts';
import { conformance } from './testing/conformance.ts';
import { oppositionOf, otherOf, roles } from './testing/opposite.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('direct');
/** In the responder's segment, and nobody's. */
const silent = '198.18.2.99';
/** Generous where it catches what hangs. */
const patience = { step: 60_000, abort: 30_000, wait: 500 };
let run: Run;

beforeAll(async () => {
  run = await beginRun(root);
});

afterAll(async () => {
  await endRun(run);
  rmSync(root, { recursive: true });
});

// Clients beside responders, each after the other: two kernels boot at a time.
for (const role of roles) {
  describe.concurrent(`as ${role}`, () => {
    const drivers = [...peers.values()].filter((driver) => driver.roles.includes(role));
    test.for(drivers)('$name keeps the contract', { concurrent: false }, async (driver, { expect }) => {
      const found = oppositionOf(driver, role);
      if (!found) throw new Error(`no peer of the registry connects with ${driver.name}`);
      const { opposite, cell, outcome } = found;
      const images = { [role]: driver.image, [otherOf(role)]: opposite.image };
      const lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
      try {
        const bench = { driver, role, opposite, cell, outcome, lab, silent, patience };
        const { findings, logs } = await conformance(bench, signal);
        for (const [end, log] of Object.entries(logs ?? {})) console.error(`the ${end}'s log:\n${log}`);
        expect(findings.map(({ rule, found: words }) => `${rule}: ${words}`)).toEqual([]);
      } finally {
        await lab.down();
      }
    });
  });
}
