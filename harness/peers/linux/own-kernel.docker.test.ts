import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab } from '../../fabric/fabric.ts';
import { observeWire } from '../../measure/testing/one-wire.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import { blockClearL2tp, missingBlocks } from './clear-l2tp.ts';
import { OwnKernel } from './own-kernel.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('direct');
let run: Run;
let lab: Lab;
let client: OwnKernel;
let responder: OwnKernel;

const place = (name: string) => {
  const node = topology.nodes[name];
  if (!node) throw new Error(`no node ${name}`);
  return node;
};
const boot = (name: string) => OwnKernel.boot(lab.node(name), place(name), signal);

beforeAll(async () => {
  run = await beginRun(root);
  const images = { client: 'uml', responder: 'uml' };
  lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
  [client, responder] = await Promise.all([boot('client'), boot('responder')]);
});

afterAll(async () => {
  await lab?.down();
  await endRun(run);
  rmSync(root, { recursive: true });
});

test('programs run inside: output, error, input and exit code are theirs', async () => {
  const kernel = (await client.exec(['uname', '-r'], { signal })).stdout;
  expect(kernel).toMatch(/^\d+\.\d+/);
  expect(kernel).not.toBe((await lab.node('client').exec(['uname', '-r'], { signal })).stdout);
  const script = 'cat; echo "two words" >&2; exit 3';
  const input = 'line\n'.repeat(10_000);
  expect(await client.exec(['sh', '-c', script], { signal, input })).toEqual({
    exitCode: 3,
    stdout: input,
    stderr: 'two words\n',
  });
  expect((await client.exec(['no-such-program'], { signal })).exitCode).toBe(127);
});

test('a program ends when it is told to, with what it started', async () => {
  const interrupt = new AbortController();
  const process = await client.spawn(['sh', '-c', 'sleep 1000 & echo begun; wait'], interrupt.signal);
  await new Promise((resolve) => process.stdout.once('data', resolve));
  interrupt.abort();
  expect(await process.exit).toBe(137);
  expect((await client.exec(['pgrep', 'sleep'], { signal })).stdout).toBe('');
});

/** With a deadline (-w) ping waits for each answer; without one no longer than two round trips. */
const thrice = ['-c', '3', '-i', '0.05', '-w', '20'];

test('the kernel stands in both of its segments, and the container has no address any more', async () => {
  const pings = await Promise.all([
    client.exec(['ping', ...thrice, topology.dial], { signal }),
    responder.exec(['ping', ...thrice, '192.168.2.10'], { signal }),
    lab.node('server').exec(['ping', ...thrice, '192.168.2.1'], { signal }),
  ]);
  expect(pings.map(({ stdout }) => /(\d) received/.exec(stdout)?.[1])).toEqual(['3', '3', '3']);
  const { stdout } = await lab.node('responder').exec(['ip', '-4', '-o', 'address'], { signal });
  expect(stdout).not.toMatch(/internet|office/);
});

/** Datagrams that have the port of L2TP at either end, from client to responder and back. */
async function clearL2tpOnTheWire(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'crossnat-capture-'));
  try {
    const capture = await lab.startCapture(directory, signal);
    const send = (from: OwnKernel, to: string) =>
      from.exec(['bash', '-c', `for try in 1 2 3; do echo hello >/dev/udp/${to}/1701; done`], { signal });
    await Promise.all([send(client, topology.dial), send(responder, '198.18.1.10')]);
    const { files, droppedByCapture } = await capture.stop();
    const { segments } = observeWire(files, topology, droppedByCapture, []);
    return Object.values(segments).reduce((sum, { clearL2tp }) => sum + clearL2tp, 0);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('L2TP in clear leaves no kernel that blocks it, and any that does not', async () => {
  expect(await clearL2tpOnTheWire()).toBeGreaterThan(0);
  await client.script('modprobe xfrm_user', 'loading', signal);
  const policies = async (of: OwnKernel) => (await of.exec(['ip', 'xfrm', 'policy'], { signal })).stdout;
  expect(missingBlocks(await policies(client))).toHaveLength(4);
  for (const kernel of [client, responder]) {
    await kernel.script(`modprobe xfrm_user\n${blockClearL2tp()}`, 'blocking', signal);
    expect(missingBlocks(await policies(kernel))).toEqual([]);
  }
  expect(await clearL2tpOnTheWire()).toBe(0);
});

test('L2TP in clear does not come in either', async () => {
  // The client lets it out again, the responder still blocks.
  await client.script('ip xfrm policy flush', 'opening', signal);
  const listener = await responder.spawn(['tcpdump', '-lni', 'internet', 'udp port 1701'], signal);
  await new Promise((resolve) => listener.stderr.once('data', resolve));
  const arrived = new Promise((resolve) => listener.stdout.once('data', resolve));
  const dropped = async () => (await responder.exec(['cat', '/proc/net/xfrm_stat'], { signal })).stdout;
  const count = (text: string) => Number(/^XfrmInPolBlock\s+(\d+)/m.exec(text)?.[1]);
  const before = count(await dropped());
  await client.exec(['bash', '-c', `echo hello >/dev/udp/${topology.dial}/1701`], { signal });
  await arrived;
  await listener.kill();
  expect(count(await dropped())).toBe(before + 1);
});

test('a kernel that stopped takes nothing any more and says so; the next one has its place', async () => {
  await client.stop();
  await expect(client.exec(['true'], { signal })).rejects.toThrow(/the kernel ended/);
  client = await boot('client');
  const { stdout } = await client.exec(['ping', '-c', '1', '-w', '20', topology.dial], { signal });
  expect(stdout).toContain('1 received');
});

test('a node without this kernel says what its image lacks', async () => {
  await expect(
    OwnKernel.boot(lab.node('server'), { ...place('server'), interfaces: {} }, signal),
  ).rejects.toMatchObject({
    code: 'broken',
    found: 'its image has no user-mode-linux',
  });
});
