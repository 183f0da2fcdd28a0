import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dockerFabric } from '../fabric/docker/docker-fabric.ts';
import type { Lab } from '../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../reaper/run.ts';
import { loadTopology } from '../topologies.ts';
import { measureThroughput, proveTraffic, type TunnelEnds, usualProofBytes } from './traffic.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
let run: Run;
let lab: Lab;

beforeAll(async () => {
  run = await beginRun(root);
  lab = await dockerFabric(run, () => {}).up(
    { topology: loadTopology('direct'), images: { client: 'box', responder: 'box' }, keep: false },
    signal,
  );
});

afterAll(async () => {
  await lab?.down();
  await endRun(run);
  rmSync(root, { recursive: true });
});

/** The office LAN in place of a tunnel: the tools do not know the difference. */
function office(changes: Partial<TunnelEnds> = {}): TunnelEnds {
  return {
    client: lab.node('responder'),
    server: lab.node('server'),
    serverAddress: '192.168.2.10',
    tunnelInterface: 'office',
    clientInnerAddress: '192.168.2.1',
    ...changes,
  };
}

test('proves traffic between two nodes, again and again', async () => {
  for (let round = 0; round < 2; round++) {
    const traffic = await proveTraffic(office(), undefined, usualProofBytes, signal);
    expect(traffic).toMatchObject({
      pingToServer: { sent: 5, received: 5 },
      pingToClient: { sent: 5, received: 5 },
      traceroute: ['192.168.2.10'],
      failures: [],
    });
    expect(traffic.bytesEachWay).toBeGreaterThan(1_000_000);
    expect(traffic.upMbps).toBeGreaterThan(0);
    expect(traffic.downMbps).toBeGreaterThan(0);
  }
});

test('measures for seconds', async () => {
  const throughput = await measureThroughput(office(), { seconds: 1 }, signal);
  expect(throughput).toMatchObject({ failures: [] });
  expect(throughput.bytesEachWay).toBeGreaterThan(0);
});

test('finds nothing through an interface that leads elsewhere, and leaves no server behind', async () => {
  const elsewhere = office({ tunnelInterface: 'internet', clientInnerAddress: '198.18.2.10' });
  const traffic = await proveTraffic(elsewhere, undefined, usualProofBytes, signal);
  expect(traffic).toMatchObject({ pingToServer: { received: 0 }, bytesEachWay: 0 });
  expect(traffic.failures).toHaveLength(2);
  const { stdout } = await lab.node('server').exec(['pgrep', '-c', 'iperf3'], { signal });
  expect(stdout).toBe('0\n');
});
