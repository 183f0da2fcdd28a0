import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { withClients } from '../../client-places.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import type { CellSettings, Peer } from '../peer.ts';
import { strongswan6Driver, strongswanDriver } from '../strongswan/driver.ts';
import { exampleSettings } from '../testing/settings.ts';
import { missingBlocks } from './clear-l2tp.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = withClients(loadTopology('shared-nat'), 2);
const two = cell('shared-nat', { clients: 2, sourceport: 'distinct' });
const callers = [
  { user: 'dialin1', password: 'friend1' },
  { user: 'dialin2', password: 'friend2' },
];
// Two releases, so that what both give is seen at either.
const drivers = { client: strongswanDriver, 'client-2': strongswan6Driver, responder: strongswan6Driver };
let run: Run;
let lab: Lab;
let first: Peer;
let second: Peer;
let responder: Peer;

const settingsOf = (client: number): CellSettings => ({
  ...exampleSettings(topology.dial),
  ...callers[client],
  l2tpPort: 17011 + client,
  callers,
  timerFactor: 0.25,
});

async function configure(firstKnows: Partial<CellSettings> = {}) {
  await Promise.all([
    responder.configure(two, settingsOf(0), signal),
    first.configure(two, { ...settingsOf(0), ...firstKnows }, signal),
    second.configure(two, settingsOf(1), signal),
  ]);
}

beforeAll(async () => {
  run = await beginRun(root);
  const images = Object.fromEntries(Object.entries(drivers).map(([node, { image }]) => [node, image]));
  lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
  const start = (nodeName: keyof typeof drivers, role: 'client' | 'responder', client: number) =>
    drivers[nodeName].start(lab.node(nodeName), { role, topology, nodeName, client, signal });
  [first, second, responder] = await Promise.all([
    start('client', 'client', 0),
    start('client-2', 'client', 1),
    start('responder', 'responder', 0),
  ]);
});

afterAll(async () => {
  await Promise.all([first, second, responder].map((peer) => peer?.stop()));
  await lab?.down();
  await endRun(run);
  rmSync(root, { recursive: true });
});

test('two clients stand beside each other, and a responder shows of each its own', async () => {
  await configure();
  await first.connect(signal, () => {});
  await responder.expectClient(1, signal);
  await second.connect(signal, () => {});
  for (const [number, client] of [first, second].entries()) {
    const own = await client.status(signal, number);
    const seen = await responder.status(signal, number);
    expect(own.stages.at(-1)).toMatchObject({ stage: 'ppp-ipcp', state: 'done' });
    expect(seen.sas?.map(({ direction, spi }) => [direction, spi])).toEqual([
      ['in', own.spis?.outbound],
      ['out', own.spis?.inbound],
    ]);
    expect(seen.sas?.every(({ packets, octets }) => packets && octets)).toBe(true);
    expect(seen.l2tp).toEqual({
      tunnelId: own.l2tp?.peerTunnelId,
      peerTunnelId: own.l2tp?.tunnelId,
      sessionId: own.l2tp?.peerSessionId,
      peerSessionId: own.l2tp?.sessionId,
    });
    expect(seen.peerInnerAddress).toBe(own.innerAddress);
  }
  // The How-To's user database: a fixed address, and one of the pool.
  expect((await first.status(signal, 0)).innerAddress).toBe('192.168.8.50');
  expect((await second.status(signal, 1)).innerAddress).toMatch(/^192\.168\.8\./);
});

test("either end gives the connection's keys, and neither shows them in its log", async () => {
  const ofResponder = await responder.captureKeys?.(signal);
  expect([ofResponder?.ike.length, ofResponder?.esp.length]).toEqual([2, 4]);
  for (const client of [first, second]) {
    const own = await client.captureKeys?.(signal);
    expect([own?.ike.length, own?.esp.length]).toEqual([1, 2]);
    expect(ofResponder?.ike).toEqual(expect.arrayContaining([...(own?.ike ?? [])]));
    const [known, given] = [ofResponder, own].map((keys) =>
      keys?.esp.map(({ spi, encryptionKey, integrityKey }) => ({ spi, encryptionKey, integrityKey })),
    );
    expect(known).toEqual(expect.arrayContaining(given ?? []));
    const log = `${await client.logs()}${await responder.logs()}`.replaceAll(/\W/g, '').toLowerCase();
    for (const { key } of own?.ike ?? []) expect(log).not.toContain(key);
    for (const { encryptionKey } of own?.esp ?? []) expect(log).not.toContain(encryptionKey);
  }
});

test("a wrong key's repeated message 5 says nothing of the client that dials meanwhile", async () => {
  await configure({ clientPreSharedKey: 'another' });
  const stopped = first.connect(signal, () => {});
  const firstStops = async () => (await responder.status(signal, 0)).stages.at(-1)?.state;
  await expect.poll(firstStops).toBe('stopped');
  await responder.expectClient(1, signal);
  await second.connect(signal, () => {});
  await stopped;
  expect((await responder.status(signal, 0)).stages.at(-1)).toMatchObject({ reason: 'auth-failed' });
  const { stages } = await responder.status(signal, 1);
  expect(stages.map(({ stage, state }) => `${stage} ${state}`)).toContain('ppp-ipcp done');
  expect(stages.map(({ state }) => state)).not.toContain('stopped');
});

test('marks let no L2TP out in clear, and go with their cell', async () => {
  const inside = async (script: string) => responder.proofNode?.exec(['bash', '-c', script], { signal });
  const sends = async (port: number) => (await inside(`echo hello >/dev/udp/198.18.1.10/${port}`))?.exitCode;
  await responder.configure({ ...two, responder: 'strongswan-6:connmark' }, settingsOf(0), signal);
  expect((await inside('iptables-legacy -t mangle -S'))?.stdout).toContain('--restore-mark');
  expect([await sends(1701), await sends(1702)]).toEqual([1, 0]);
  await responder.configure(two, settingsOf(0), signal);
  expect((await inside('iptables-legacy -S; iptables-legacy -t mangle -S'))?.stdout).not.toContain('-A ');
  expect(missingBlocks((await inside('ip xfrm policy'))?.stdout ?? '')).toEqual([]);
});
