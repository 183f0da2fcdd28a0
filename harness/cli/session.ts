import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { expectation } from '../cell-expectation.ts';
import { cellSettings, hurried } from '../cell-settings.ts';
import { probeFabric } from '../doctor/fabric-probe.ts';
import { CrossnatError } from '../error.ts';
import { dockerFabric } from '../fabric/docker/docker-fabric.ts';
import { DockerLab } from '../fabric/docker/lab.ts';
import type { Fabric, FabricProbe, Lab } from '../fabric/fabric.ts';
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
import { stackHash } from '../peers/ts/stack-sources.ts';
import { beginRun, endRun, type Run } from '../reaper/run.ts';
import type { RunDirectory } from '../records/run-directory.ts';
import { runEmbedded } from '../runner/embedded/run.ts';
import type { Captured, Connection, PingCounts, RunnerParts } from '../runner/parts.ts';
import type { PlannedCell } from '../runner/plan.ts';
import { type LaneReport, type RunnerOptions, type RunOutcome, runCells } from '../runner/runner.ts';
import { addressOf } from '../subnet.ts';
import { loadTopology } from '../topologies.ts';
import { asksForRoutes } from '../tunnel-routes.ts';
import type { BoxDrop } from '../verdict/evidence.ts';
import { judgeClients } from '../verdict/judge.ts';
import { webHostOf } from '../web-host.ts';
import { newRunName } from './run-name.ts';
import type { FabricChoice } from './test-options.ts';
import { projectRoot } from './vitest.ts';

/** What a run is told beside its cells. */
export interface PlayOptions extends RunnerOptions {
  /** Octets that a connection carries each way to prove itself. */
  readonly proofBytes: number;
}

/** The place where all rooms are joined: what a run of cells is given, and how it ends. */
export interface Session {
  /** Names the run, its records and everything it starts. */
  readonly run: string;
  /** Plays cells and records each as it ends. */
  play(
    records: RunDirectory,
    cells: readonly PlannedCell[],
    options: PlayOptions,
    signal: AbortSignal,
    report: LaneReport,
  ): Promise<RunOutcome>;
  /** Cells that need containers are nobody's failure: there is no engine, and nobody asked for one. */
  readonly foreignMayWait: boolean;
  /** What the host gives and lacks; comes before anything is started. */
  probe(signal: AbortSignal): Promise<FabricProbe>;
  /** Removes what this run started and did not keep. */
  end(): Promise<void>;
}

/**
 * Begins a run. With `auto` it is on the engine that is reachable, and on the embedded fabric where none is; with
 * `docker` and no engine the fabric says so when it is probed, and every cell is unavailable.
 * @param note one line for the person who waits
 */
export async function openSession(fabric: FabricChoice, note: (text: string) => void): Promise<Session> {
  if (fabric === 'embedded') return embeddedSession(false);
  try {
    const run: Run = await beginRun(projectRoot);
    return {
      run: run.id,
      play: playOn(dockerFabric(run, note)),
      foreignMayWait: false,
      probe: (signal) => probeFabric(run, signal, note),
      end: () => endRun(run),
    };
  } catch (error) {
    if (!(error instanceof CrossnatError) || error.code !== 'unavailable') throw error;
    const lack = { what: `${error.doing}: ${error.found}`, remedy: error.remedy };
    if (fabric === 'auto') {
      note(
        `No containers: ${lack.what}. Playing in this process instead, our own stack alone. ${lack.remedy}`,
      );
      return embeddedSession(true);
    }
    return {
      run: newRunName(),
      play: playOn({ name: 'docker', up: () => Promise.reject(error) }),
      foreignMayWait: false,
      probe: async () => ({ fabric: 'docker', facts: {}, lacks: [lack] }),
      end: async () => {},
    };
  }
}

function embeddedSession(foreignMayWait: boolean): Session {
  const facts = { fabric: `embedded: hosts, wires and NAT in this process, virtual clock, ${process.arch}` };
  return {
    run: newRunName(),
    play: (records, cells, options, signal, report) => {
      const stack = `stack ${stackHash()} on Node ${process.version}`;
      return runEmbedded(records, cells, { ...options, stack }, signal, (event) => report(event, 0));
    },
    foreignMayWait,
    probe: async () => ({ fabric: 'embedded', facts, lacks: [] }),
    end: async () => {},
  };
}

function playOn(fabric: Fabric): Session['play'] {
  return (records, cells, options, signal, report) =>
    runCells(partsOn(fabric, options.proofBytes), records, cells, options, signal, report);
}

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

/** What the harness itself is, for every record. */
export async function harnessVersions(): Promise<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const git = async (...argv: string[]) => {
    const { stdout, exitCode } = await execa('git', argv, { cwd: projectRoot, reject: false });
    return exitCode === 0 ? stdout.trim() : undefined;
  };
  const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')]);
  const checkout = commit === undefined ? 'no git checkout' : `${commit}${changes ? ' with changes' : ''}`;
  return { crossnat: String(version), node: process.version, checkout };
}
