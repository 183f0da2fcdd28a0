import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import type { CellSettings, Peer } from '../peer.ts';
import { strongswanDriver } from '../strongswan/driver.ts';
import { exampleSettings } from '../testing/settings.ts';
import { goL2tpDriver } from './driver.ts';
import { kl2tpd } from './kl2tpd.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('hotel-nat');
const settings: CellSettings = { ...exampleSettings(topology.dial), timerFactor: 0.25 };
const called = cell('hotel-nat', { client: 'go-l2tp', responder: 'strongswan' });
let run: Run;
let lab: Lab;
let client: Peer;
let responder: Peer;

beforeAll(async () => {
  run = await beginRun(root);
  const images = { client: goL2tpDriver.image, responder: strongswanDriver.image };
  lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
  const at = (role: 'client' | 'responder') => ({ role, topology, nodeName: role, client: 0, signal });
  [client, responder] = await Promise.all([
    goL2tpDriver.start(lab.node('client'), at('client')),
    strongswanDriver.start(lab.node('responder'), at('responder')),
  ]);
});

afterAll(async () => {
  await lab?.down();
  await endRun(run);
  rmSync(root, { recursive: true });
});

const configure = (changed: Partial<CellSettings> = {}) =>
  Promise.all([client, responder].map((peer) => peer.configure(called, { ...settings, ...changed }, signal)));
const inside = async (command: readonly string[]) => {
  const { stdout = '', stderr = '' } = (await client.proofNode?.exec(command, { signal })) ?? {};
  return `${stdout}${stderr}`;
};

test('its kernel has no data plane for it', async () => {
  await configure();
  expect(client.version).toMatch(/^0\.1\.8-\S+ with strongswan-charon 6\.0\.1-\S+ on own kernel /);
  // Its own word without -null.
  expect(await inside(['kl2tpd', '-config', '/run/crossnat/kl2tpd.toml'])).toMatch(
    /failed to initialise data plane: .*netlink/,
  );
});

test('brings tunnel and session up, hangs up, and leaves nothing', async () => {
  const progress: string[] = [];
  await client.connect(signal, (stage) => progress.push(stage));
  expect(progress.slice(-2)).toEqual(['l2tp-tunnel', 'l2tp-session']);
  const [ofClient, ofResponder] = await Promise.all([client.status(signal, 0), responder.status(signal, 0)]);
  expect(ofClient.stages.at(-1)).toMatchObject({ stage: 'ppp-lcp', reason: 'no-data-plane' });
  // RFC 2661 4.4.2: administrative reasons.
  expect([ofClient.callEnd, ofResponder.callEnd]).toEqual([
    { by: 'self', resultCode: 3 },
    { by: 'peer', resultCode: 3 },
  ]);
  expect(ofResponder.l2tp).toEqual({
    tunnelId: ofClient.l2tp?.peerTunnelId,
    peerTunnelId: ofClient.l2tp?.tunnelId,
    sessionId: ofClient.l2tp?.peerSessionId,
    peerSessionId: ofClient.l2tp?.sessionId,
  });
  // RFC 2661 4.4.3: what an SCCRQ has to name.
  expect(await responder.logs()).toMatch(/hostname_avp: peer reports hostname 'go-l2tp'/);
  await client.disconnect(signal);
  expect(await client.remains(signal)).toEqual([]);
  expect((await responder.remains(signal)).join()).not.toMatch(/SA|L2TP/);
  // RFC 2661 4.4.2: a general request to clear the control connection.
  expect(await responder.logs()).toMatch(/message type 4 .*\n.*\n.*peer closing for reason 1 /);
});

test('L2TP does not come up when IPsec does not', async () => {
  await configure({ clientPreSharedKey: 'another' });
  await client.connect(signal, () => {});
  expect((await client.status(signal, 0)).stages.at(-1)).toMatchObject({
    stage: 'phase1',
    reason: 'no-answer',
  });
  // Told to dial all the same, it gets nothing out.
  await inside(kl2tpd.dial);
  await expect.poll(() => client.logs()).toMatch(/message="transport down"/);
  expect((await client.status(signal, 0)).stages.map(({ stage }) => stage)).not.toContain('l2tp-tunnel');
  expect(await responder.logs()).not.toMatch(/Start-Control-Connection-Request/);
});

test('shows no secret in its log', async () => {
  await configure();
  await client.connect(signal, () => {});
  const log = await client.logs();
  expect(log).toContain('message="session up"');
  expect(log).not.toMatch(/abc123|friend1/);
});
