import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import type { Peer } from '../peer.ts';
import { exampleSettings } from '../testing/settings.ts';
import { softetherDriver } from './driver.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('hotel-nat');
const settings = exampleSettings(topology.dial);
const playing = cell('hotel-nat', { responder: 'softether' });
let run: Run;
let lab: Lab;
let peer: Peer;

beforeAll(async () => {
  run = await beginRun(root);
  const plan = { topology, images: { responder: softetherDriver.image }, keep: false };
  lab = await dockerFabric(run, () => {}).up(plan, signal);
  const context = { role: 'responder', topology, nodeName: 'responder', client: 0, signal } as const;
  peer = await softetherDriver.start(lab.node('responder'), context);
});

afterAll(async () => {
  await lab?.down();
  await endRun(run);
  rmSync(root, { recursive: true });
});

async function inNode(name: string, script: string): Promise<string> {
  const { stdout, stderr } = await lab.node(name).exec(['bash', '-c', script], { signal });
  return stdout + stderr;
}

test('took its settings, and is the version that its image pins', async () => {
  await peer.configure(playing, settings, signal);
  const set = await inNode('responder', 'vpncmd localhost:5555 /SERVER /CSV /CMD IPsecGet');
  expect(set).toContain('L2TP over IPsec Server Function Enabled,Yes');
  expect(set).toContain('IPsec Pre-Shared Key String,abc123');
  expect(peer.version).toMatch(/^5\.01\.9674/);
});

// RFC 2408 3.1, 3.4: a main mode message 1 with one transform (3DES, SHA-1, group 2, pre-shared key), and with
// the vendor ID of RFC 3947 section 3.1 behind it.
const transform = '00000020 01010000 80010005 80020002 80030001 80040002 800b0001 800c7080';
const proposal = `00000034 00000001 00000001 00000028 01010001 ${transform}`;
const cookies = '1111111111111111 0000000000000000';
const withoutNatt = `${cookies} 01100200 00000000 00000050 ${proposal}`;
const withNatt = `${cookies} 01100200 00000000 00000064 0d${proposal.slice(2)} 00000014 4a131c81070358455c5728f20e95452f`;

async function send(message: string): Promise<void> {
  const octets = message.replaceAll(' ', '').replaceAll(/../g, '\\x$&');
  await inNode('client', `printf '${octets}' >/dev/udp/${topology.dial}/500`);
}

const stages = async () => (await peer.status(signal, 0)).stages;

test('says that it refuses a client without NAT-T', async () => {
  await send(withoutNatt);
  await expect.poll(stages).toMatchObject([
    { stage: 'reach', state: 'done' },
    { stage: 'phase1', state: 'stopped', reason: 'no-policy', detail: expect.stringContaining('RFC 3947') },
  ]);
});

test('says what is left of a main mode that came to nothing, and forgets it for the next cell', async () => {
  await peer.configure(playing, settings, signal);
  expect(await stages()).toEqual([]);
  await send(withNatt);
  await expect.poll(stages).toEqual([{ stage: 'reach', state: 'done', detail: '' }]);
  expect(await peer.remains(signal)).toEqual(['IKE SA 1']);
  await peer.configure(playing, settings, signal);
  expect(await stages()).toEqual([]);
  expect(await peer.remains(signal)).toEqual([]);
});

test('says with what words SoftEther refused a command', async () => {
  // A hub has each user once.
  const [caller] = settings.callers;
  const wrong = { ...settings, callers: caller ? [caller, caller] : [] };
  await expect(peer.configure(playing, wrong, signal)).rejects.toThrow(/12 commands.*Error code/s);
});

test('a server that is stopped is gone', async () => {
  await peer.stop();
  expect(await inNode('responder', 'pgrep vpnserver || echo none')).toBe('none\n');
  expect(await inNode('responder', 'ss -lnuH')).not.toContain(':500');
});
