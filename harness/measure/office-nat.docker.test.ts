import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { dockerFabric } from '../fabric/docker/docker-fabric.ts';
import type { CaptureResult } from '../fabric/fabric.ts';
import { exampleSettings } from '../peers/testing/settings.ts';
import { tsDriver } from '../peers/ts/driver.ts';
import { beginRun, endRun, type Run } from '../reaper/run.ts';
import { loadTopology } from '../topologies.ts';
import { readLadder } from './ladder.ts';
import { sidesOf } from './sides.ts';
import { observeWire } from './testing/one-wire.ts';
import { compareLadders, tsharkLadder, tsharkVersion } from './testing/tshark.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('office-nat');
const sides = sidesOf(topology);
const settings = exampleSettings(topology.dial);
let run: Run;
let captured: CaptureResult;

/** One connection of our stack through office-nat, captured from before its first packet to after its last. */
beforeAll(async () => {
  run = await beginRun(root);
  const images = { client: 'ts', responder: 'ts' };
  const lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
  try {
    const start = (role: 'client' | 'responder') =>
      tsDriver.start(lab.node(role), { role, topology, nodeName: role, client: 0, signal });
    const [client, responder] = await Promise.all([start('client'), start('responder')]);
    const capture = await lab.startCapture(join(root, 'captures'), signal);
    const playing = cell('office-nat');
    await responder.configure(playing, settings, signal);
    await client.configure(playing, settings, signal);
    await client.connect(signal, () => {});
    await client.disconnect(signal);
    captured = await capture.stop();
  } finally {
    await lab.down();
  }
});

afterAll(async () => {
  await endRun(run);
  rmSync(root, { recursive: true });
});

// RFC 2409 5.4 and 5.5, and RFC 3947 4 for the float: the responder is behind NAT.
test('each segment shows main mode and quick mode in the order of the RFCs, then ESP in UDP', () => {
  for (const segment of sides.path) {
    const kinds = readLadder(captured.files[segment] ?? '', sides)
      .filter(({ retransmission }) => !retransmission)
      .map(({ kind }) => kind);
    expect(kinds.slice(0, 10)).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((number) => `main mode ${number}`),
      ...[1, 2, 3].map((number) => `quick mode ${number}`),
      'ESP in UDP',
    ]);
  }
  const wire = observeWire(captured.files, topology, captured.droppedByCapture, ['192.168.8.0/24']);
  expect(wire).toMatchObject({
    droppedByCapture: 0,
    damaged: [],
    mainModeMessages: 6,
    quickModeMessages: 3,
    portFloat: true,
  });
});

test.skipIf((await tsharkVersion()) === undefined)(
  'tshark decodes each segment as the same list',
  async () => {
    for (const segment of sides.path) {
      const file = captured.files[segment] ?? '';
      const ours = readLadder(file, sides);
      expect(compareLadders(ours, await tsharkLadder(file, sides, signal))).toEqual([]);
      expect(ours.length).toBeGreaterThan(10);
    }
  },
);
