import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { cell } from '../../cell.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab, LabNode } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import type { PeerDriver } from '../peer.ts';
import { softetherDriver } from '../softether/driver.ts';
import { strongswanDriver } from '../strongswan/driver.ts';
import { exampleSettings } from '../testing/settings.ts';
import { tsDriver } from '../ts/driver.ts';
import { askInClear, carriedWhile, dialWithoutIpsec, waysOf } from './testing/clear-l2tp.ts';
import { cellValue, type Role, roles } from './testing/opposite.ts';

/**
 * The conformance probe shows of every peer that no L2TP leaves it in clear and that it answers none. Here its
 * questions are put to peers whose block was taken away: each has to see the leak.
 */
const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('direct');
const { dial } = topology;
let run: Run;

beforeAll(async () => {
  run = await beginRun(root);
});

afterAll(async () => {
  await endRun(run);
  rmSync(root, { recursive: true });
});

/** A lab with these two, ready for a call; and where each has its network. */
async function standing(
  drivers: Readonly<Record<Role, PeerDriver>>,
): Promise<{ readonly lab: Lab; readonly places: Readonly<Record<Role, LabNode>> }> {
  const images = { client: drivers.client.image, responder: drivers.responder.image };
  const lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
  onTestFinished(() => lab.down());
  const playing = cell('direct', {
    client: cellValue(drivers.client, 'client'),
    responder: cellValue(drivers.responder, 'responder'),
  });
  const places = await Promise.all(
    roles.map(async (role) => {
      const context = { role, topology, nodeName: role, client: 0, signal };
      const peer = await drivers[role].start(lab.node(role), context);
      await peer.configure(playing, exampleSettings(dial), signal);
      return [role, peer.proofNode ?? lab.node(role)] as const;
    }),
  );
  return { lab, places: Object.fromEntries(places) as Record<Role, LabNode> };
}

/** How often L2TP in clear was asked for, and answered. */
async function askedInClear(lab: Lab) {
  return waysOf(await carriedWhile(lab, signal, () => askInClear(lab, signal)), dial);
}

test('without its policies, a Linux peer answers and dials in clear, and the probe sees both', async () => {
  const { lab, places } = await standing({ client: strongswanDriver, responder: strongswanDriver });
  const { client, responder } = places;
  const flush = (kernel: LabNode) => kernel.exec(['ip', 'xfrm', 'policy', 'flush'], { signal });

  const closed = await askedInClear(lab);
  expect(closed.asked).toBeGreaterThanOrEqual(3);
  expect(closed.answered).toBe(0);
  let stopped = 0;
  const dialling = async () => {
    stopped = await dialWithoutIpsec(client, 'strongswan', signal);
  };
  expect((await carriedWhile(lab, signal, dialling)).clear).toEqual([]);
  expect(stopped).toBeGreaterThan(0);

  await flush(responder);
  expect((await askedInClear(lab)).answered).toBeGreaterThanOrEqual(3);
  await flush(client);
  const dialled = await carriedWhile(lab, signal, dialling);
  expect(waysOf(dialled, dial).asked).toBeGreaterThan(0);
  expect(stopped).toBe(0);
});

test('a SoftEther that is told to takes L2TP in clear, and the probe sees it', async () => {
  const { lab, places } = await standing({ client: tsDriver, responder: softetherDriver });
  const closed = await askedInClear(lab);
  expect(closed.asked).toBeGreaterThanOrEqual(3);
  expect(closed.answered).toBe(0);

  const open = 'IPsecEnable /L2TP:yes /L2TPRAW:yes /ETHERIP:no /PSK:abc123 /DEFAULTHUB:VPN';
  const told = await places.responder.exec(
    ['vpncmd', 'localhost:5555', '/SERVER', '/CMD', ...open.split(' ')],
    { signal },
  );
  expect(told.stdout).toContain('The command completed successfully.');
  // It binds the port a moment after it has said so: port 1701 in /proc/net/udp.
  const bound = 'until grep -q ":06A5 " /proc/net/udp; do sleep 0.02; done';
  await places.responder.exec(['sh', '-c', bound], { signal });
  expect((await askedInClear(lab)).answered).toBeGreaterThan(0);
});
