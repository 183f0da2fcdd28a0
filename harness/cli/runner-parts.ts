import { relative } from 'node:path';
import { expectation } from '../cell-expectation.ts';
import { cellSettings, hurried } from '../cell-settings.ts';
import { DockerLab } from '../fabric/docker/lab.ts';
import type { Fabric, Lab } from '../fabric/fabric.ts';
import { innerPrefixes } from '../measure/inner-prefixes.ts';
import {
  browse,
  measureThroughput,
  pingThrough,
  pingToClient,
  proveTraffic,
  type TunnelEnds,
} from '../measure/traffic.ts';
import { observeWires } from '../measure/wires.ts';
import { wiresharkKeys } from '../measure/wireshark-keys.ts';
import type { TrafficObservation, WireObservation } from '../observation.ts';
import { peers } from '../peers/registry.ts';
import type { Captured, Connection, PingCounts, RunnerParts } from '../runner/parts.ts';
import { addressOf } from '../subnet.ts';
import { loadTopology } from '../topologies.ts';
import { asksForRoutes } from '../tunnel-routes.ts';
import type { BoxDrop } from '../verdict/evidence.ts';
import { judgeClients } from '../verdict/judge.ts';
import { webHostOf } from '../web-host.ts';

/** The rooms that the runner needs, joined; what measures it puts spans around them. */
export function partsOn(fabric: Fabric, proofBytes: number): RunnerParts {
  return {
    fabric,
    peers,
    loadTopology,
    expect: expectation,
    settings: (cell, topology, seed, client) => hurried(cellSettings(cell, topology, seed, client), cell),
    proveTraffic: (connection, signal) => prove(connection, proofBytes, signal),
    pingAgain,
    pingBack,
    sustain,
    boxDrops,
    observeWire: async (captured) => wiresOf(captured),
    keyTables: wiresharkKeys,
    judge: judgeClients,
  };
}

/** The way to the office, and then to the Internet where the cell's clients browse. */
async function prove(
  connection: Connection,
  bytes: number,
  signal: AbortSignal,
): Promise<TrafficObservation> {
  const { cell, lab, responder } = connection;
  const ends = tunnelEnds(connection);
  const proof = await proveTraffic(ends, responder.trafficTarget, bytes, signal);
  const web = cell.browse === 'internet' ? webHostOf(lab.topology) : undefined;
  return web ? { ...proof, browsing: await browse(ends.client, web.address, signal) } : proof;
}

function tunnelEnds({ cell, lab, clientNode, client, clientSaw }: Connection): TunnelEnds {
  const { server } = lab.topology;
  const [serverInterface = ''] = Object.values(lab.topology.nodes[server]?.interfaces ?? {});
  return {
    client: client.proofNode ?? lab.node(clientNode),
    server: lab.node(server),
    serverAddress: addressOf(serverInterface),
    tunnelInterface: asksForRoutes(cell, lab.topology, clientNode) ? undefined : client.tunnelInterface,
    clientInnerAddress: clientSaw.innerAddress ?? '',
  };
}

/** To where the proof of traffic went. */
async function pingAgain(connection: Connection, signal: AbortSignal): Promise<PingCounts> {
  const ends = tunnelEnds(connection);
  const address = connection.responder.trafficTarget?.address ?? ends.serverAddress;
  return pingThrough(ends, address, signal);
}

async function pingBack(connection: Connection, signal: AbortSignal): Promise<PingCounts> {
  if (connection.responder.trafficTarget) return pingAgain(connection, signal);
  return pingToClient(tunnelEnds(connection), signal);
}

/** Ten seconds each way, with the links left to themselves: nothing is captured any more. */
async function sustain(
  connection: Connection,
  proof: TrafficObservation,
  signal: AbortSignal,
): Promise<TrafficObservation> {
  const lab = dockerLab(connection.lab);
  await lab?.setOffloads('on', signal);
  try {
    const rates = await measureThroughput(tunnelEnds(connection), { seconds: 10 }, signal);
    return { ...proof, ...rates, failures: [...proof.failures, ...rates.failures], sustained: true };
  } finally {
    await lab?.setOffloads('off', signal);
  }
}

async function boxDrops(lab: Lab, signal: AbortSignal): Promise<BoxDrop[]> {
  const containers = dockerLab(lab);
  if (!containers) return [];
  const boxes = Object.entries(lab.topology.nodes).filter(([, { nat, filter }]) => nat ?? filter);
  const counters = await Promise.all(
    boxes.map(async ([box]) => {
      const rules = await containers.boxCounters(box, signal);
      return rules.map(({ rule, packets }) => ({ box, rule, packets }));
    }),
  );
  return counters.flat().filter(({ rule, packets }) => rule.startsWith('drop-') && packets > 0);
}

function dockerLab(lab: Lab): DockerLab | undefined {
  return lab instanceof DockerLab ? lab : undefined;
}

/** What the captures show of each client; files are named relative to the run's directory. */
function wiresOf({ topology, result, responder, runDirectory }: Captured): WireObservation[] {
  const brought = responder.trafficTarget ? [responder.trafficTarget.prefix] : [];
  const inner = [...innerPrefixes(topology), ...brought];
  return observeWires(result.files, topology, result.droppedByCapture, inner).map((seen) => {
    const segments = Object.entries(seen.segments).map(([name, counts]) => [
      name,
      { ...counts, file: relative(runDirectory, counts.file) },
    ]);
    return { ...seen, segments: Object.fromEntries(segments) };
  });
}
