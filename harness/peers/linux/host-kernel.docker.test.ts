import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { cell } from '../../cell.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab, LabNode } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import type { Topology } from '../../topology.ts';
import type { Peer } from '../peer.ts';
import { strongswanDriver } from '../strongswan/driver.ts';
import { exampleSettings } from '../testing/settings.ts';
import { lacksOfHost } from './host-abilities.ts';
import { OwnKernel } from './own-kernel.ts';
import { startKernel } from './start-kernel.ts';
import { NamespaceNode } from './testing/namespace-node.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('direct');
let run: Run;
let lab: Lab;

beforeAll(async () => {
  run = await beginRun(root);
  const images = { client: 'strongswan', responder: 'strongswan' };
  lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  await lab?.down();
  await endRun(run);
  rmSync(root, { recursive: true });
});

const place = (of: Topology, name: string) => {
  const node = of.nodes[name];
  if (!node) throw new Error(`no node ${name}`);
  return node;
};

test('an image that speaks PPP has the right to /dev/ppp, and no other has', async () => {
  const saidOf = async (name: string) =>
    (await lacksOfHost(lab.node(name), signal)).find(({ what }) => what === 'PPP')?.said;
  expect(await saidOf('client')).not.toMatch(/not permitted/);
  expect(await saidOf('server')).toBe('/dev/ppp: Operation not permitted');
});

test("the engine's kernel is unavailable where it lacks something, with what and what to type", async ({
  skip,
}) => {
  const lacks = await lacksOfHost(lab.node('responder'), signal);
  skip(lacks.length === 0, "this engine's kernel lacks nothing");
  vi.stubEnv('CROSSNAT_KERNEL', 'host');
  const context = { role: 'responder', client: 0, topology, nodeName: 'responder', signal } as const;
  const forced = strongswanDriver.start(lab.node('responder'), context);
  await expect(forced).rejects.toMatchObject({ code: 'unavailable' });
  for (const { what, said, modules } of lacks) {
    await expect(forced).rejects.toMatchObject({
      found: expect.stringContaining(`${what} (${said})`),
      remedy: expect.stringContaining(modules.join(' ')),
    });
  }
});

test('a peer that may choose has a kernel of its own', async () => {
  const { kernel, version } = await startKernel(
    lab.node('responder'),
    place(topology, 'responder'),
    undefined,
    signal,
  );
  expect(kernel).toBeInstanceOf(OwnKernel);
  expect(version).toMatch(/^own kernel \(user-mode-linux 6\.\S+\)$/);
  await kernel.stop();
});

/** Client and responder side by side, without the provider's router between them. */
const sideBySide: Topology = {
  ...topology,
  nodes: {
    ...topology.nodes,
    client: { kind: 'client', label: 'client', interfaces: { internet: '198.18.2.20/24' }, routes: [] },
  },
};
const settings = { ...exampleSettings(topology.dial), timerFactor: 0.25 };
const control = cell('direct', { client: 'strongswan', responder: 'strongswan' });

/** Two nodes on one kernel that has everything: namespaces of a user-mode-linux, joined by a veth pair. */
async function nodesOnOneKernel(): Promise<{ client: NamespaceNode; responder: NamespaceNode }> {
  const host = await OwnKernel.boot(lab.node('client'), place(topology, 'client'), signal);
  const [client, responder] = await Promise.all(
    ['client', 'responder'].map((name) => NamespaceNode.make(name, host)),
  );
  if (!client || !responder) throw new Error('no nodes');
  const join = `ip link add internet netns ${client.pid} type veth peer name internet netns ${responder.pid}`;
  await host.script(join, 'joining the nodes', signal);
  const set = async (node: LabNode, script: string) => {
    const { stderr } = await node.exec(['sh', '-es'], { signal, input: script });
    expect(stderr).toBe('');
  };
  await set(client, 'ip address add 198.18.2.20/24 dev internet\nip link set internet up');
  await set(
    responder,
    `ip address add 198.18.2.10/24 dev internet
ip link set internet up
ip link add office type dummy
ip address add 192.168.2.1/24 dev office
ip link set office up`,
  );
  return { client, responder };
}

test('on a kernel that has everything, two peers share it and nothing else', async () => {
  const nodes = await nodesOnOneKernel();
  vi.stubEnv('CROSSNAT_KERNEL', 'host');
  const start = (role: 'client' | 'responder') =>
    strongswanDriver.start(nodes[role], { role, client: 0, topology: sideBySide, nodeName: role, signal });
  const [client, responder] = await Promise.all([start('client'), start('responder')]);
  expect(client.version).toMatch(/ on host kernel 6\.\S+$/);
  const configure = () =>
    Promise.all([client, responder].map((peer) => peer.configure(control, settings, signal)));
  const inside = async (peer: Peer, script: string) =>
    (await peer.proofNode?.exec(['sh', '-c', script], { signal }))?.stdout;

  await configure();
  await client.connect(signal, () => {});
  for (const peer of [client, responder]) {
    const { stages, phase2, warnings } = await peer.status(signal, 0);
    expect(stages.at(-1)).toMatchObject({ stage: 'ppp-ipcp', state: 'done' });
    expect({ phase2, warnings }).toEqual({ phase2: '3des-sha1', warnings: [] });
  }
  expect(await inside(client, 'ping -c 2 -i 0.1 -w 20 -I ppp0 192.168.2.1')).toContain('2 received');
  await client.disconnect(signal);
  expect([await client.remains(signal), await responder.remains(signal)]).toEqual([[], []]);

  // Stopped in the middle of a connection, one leaves nothing behind, and the other has what it had.
  await configure();
  await client.connect(signal, () => {});
  await client.stop();
  const left =
    'ip xfrm state; ip xfrm policy; ip -o link show type ppp; pgrep -l "charon|xl2tpd|pppd"; ls -d /run/crossnat';
  expect(await inside(client, left)).toBe('');
  const kept = await inside(responder, left);
  for (const part of [/proto esp spi/, /action block/, /: ppp0:/, /charon/, /xl2tpd/, /pppd/, /crossnat/]) {
    expect(kept).toMatch(part);
  }
  await responder.stop();
});
