import type { Cell } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import type { CaptureResult, Fabric, Lab } from '../fabric/fabric.ts';
import type { PeerObservation, TrafficObservation, WireObservation } from '../observation.ts';
import type { CaptureKeys, CellSettings, Peer, PeerDriver } from '../peers/peer.ts';
import type { CellRecord } from '../record.ts';
import type { Topology } from '../topology.ts';
import type { BoxDrop, Evidence } from '../verdict/evidence.ts';
import type { Judgement } from '../verdict/judge.ts';
import type { Trouble } from './trouble.ts';

/** What the runner is given: all knowledge of containers, protocols and documents stands behind these doors. */
export interface RunnerParts {
  readonly fabric: Fabric;
  readonly peers: ReadonlyMap<string, PeerDriver>;
  readonly loadTopology: (name: string) => Topology;
  /** What the rule table says must happen, for each of the cell's clients. */
  readonly expect: (cell: Cell, topology: Topology) => readonly Expectation[];
  /** What a client with this number is told of the cell beside its axes; the responder is told what client 0 is. */
  readonly settings: (cell: Cell, topology: Topology, seed: string, client: number) => CellSettings;
  readonly proveTraffic: (connection: Connection, signal: AbortSignal) => Promise<TrafficObservation>;
  /** Round trips once more through a connection that other clients have joined since its proof of traffic. */
  readonly pingAgain: (connection: Connection, signal: AbortSignal) => Promise<PingCounts>;
  /** The same, begun in the office; from the client where nothing in the office can begin traffic. */
  readonly pingBack: (connection: Connection, signal: AbortSignal) => Promise<PingCounts>;
  /** The sustained throughput of a standing connection; adds its rates to the proof of traffic. */
  readonly sustain: (
    connection: Connection,
    proof: TrafficObservation,
    signal: AbortSignal,
  ) => Promise<TrafficObservation>;
  /** What the boxes dropped since their rules were set. */
  readonly boxDrops: (lab: Lab, signal: AbortSignal) => Promise<readonly BoxDrop[]>;
  /** What the captures show of each client. */
  readonly observeWire: (captured: Captured) => Promise<readonly WireObservation[]>;
  /** Texts that decrypt the captures, by the names of their files; `undefined` where there are no keys. */
  readonly keyTables: (keys: readonly CaptureKeys[]) => Readonly<Record<string, string>> | undefined;
  /** Of each client, in the order in which they dialled: what is expected and what came to light. */
  readonly judge: (
    expectations: readonly Expectation[],
    evidence: readonly Evidence[],
  ) => readonly Judgement[];
}

export type PingCounts = NonNullable<TrafficObservation['pingAfterOthers']>;

/** A connection that stands, and where it stands. */
export interface Connection {
  readonly cell: Cell;
  readonly lab: Lab;
  readonly clientNode: string;
  readonly responderNode: string;
  readonly client: Peer;
  readonly responder: Peer;
  readonly clientSaw: PeerObservation;
  readonly responderSaw: PeerObservation;
}

export interface Captured {
  readonly topology: Topology;
  readonly result: CaptureResult;
  readonly responder: Peer;
  /** Absolute. */
  readonly runDirectory: string;
}

/** What an attempt at a cell brought to light, and what kept it from bringing more. */
export interface AttemptEvidence {
  /** Of each client, in the order in which they dialled. */
  readonly clients: readonly Evidence[];
  /** What the peers still held after the end, in words; absent where one of them could not be asked. */
  readonly left: readonly string[] | undefined;
  /** Whether boxes, capture and peers took the cell's settings. */
  readonly wasSetUp: boolean;
  readonly trouble: readonly Trouble[];
}

/** Where records and evidence go: the run's directory, or memory in a test. */
export interface Recorder {
  readonly run: string;
  /** Absolute path of the run's directory. */
  readonly path: string;
  /** Makes a directory for one attempt; gives its path relative to `path`. */
  cellDirectory(name: string): string;
  /** The record is safe when this returns. */
  append(record: CellRecord): void;
  writeFile(relative: string, text: string): void;
}

/** What happens, as it happens, for whoever watches. */
export type RunEvent =
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'lab-coming-up'; readonly topology: string }
  | { readonly event: 'cell-started'; readonly cell: string; readonly number: number; readonly of: number }
  | { readonly event: 'step'; readonly cell: string; readonly step: string }
  | { readonly event: 'cell-again'; readonly cell: string; readonly why: string }
  | { readonly event: 'cell-ended'; readonly record: CellRecord }
  | { readonly event: 'lab-going-down'; readonly topology: string };
