import type { Cell } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import type { CaptureResult, Fabric, Lab } from '../fabric/fabric.ts';
import type { PeerObservation, TrafficObservation, WireObservation } from '../observation.ts';
import type { CellSettings, Peer, PeerDriver } from '../peers/peer.ts';
import type { CellRecord } from '../record.ts';
import type { Stage } from '../stage.ts';
import type { Topology } from '../topology.ts';
import type { Trouble } from './trouble.ts';

/** What the runner is given: all knowledge of containers, protocols and documents stands behind these doors. */
export interface RunnerParts {
  readonly fabric: Fabric;
  readonly peers: ReadonlyMap<string, PeerDriver>;
  readonly loadTopology: (name: string) => Topology;
  /** What the rule table says must happen. */
  readonly expect: (cell: Cell, topology: Topology) => Expectation;
  /** What both peers are told of the cell beside its axes. */
  readonly settings: (cell: Cell, topology: Topology, seed: string) => CellSettings;
  readonly proveTraffic: (connection: Connection, signal: AbortSignal) => Promise<TrafficObservation>;
  /** The sustained throughput of a standing connection; adds its rates to the proof of traffic. */
  readonly sustain: (
    connection: Connection,
    proof: TrafficObservation,
    signal: AbortSignal,
  ) => Promise<TrafficObservation>;
  readonly observeWire: (captured: Captured) => Promise<WireObservation>;
  readonly judge: (cell: Cell, expectation: Expectation, evidence: Evidence) => Judgement;
}

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
  readonly clientSaw: PeerObservation | undefined;
}

/** What an attempt at a cell brought to light. A part that could not be had is absent, and `trouble` says why. */
export interface Evidence {
  readonly client: PeerObservation | undefined;
  readonly responder: PeerObservation | undefined;
  readonly wire: WireObservation | undefined;
  readonly traffic: TrafficObservation | undefined;
  /** What each peer still held after the end, in words. `undefined` where it was not read. */
  readonly left: { readonly client: readonly string[]; readonly responder: readonly string[] } | undefined;
  readonly trouble: readonly Trouble[];
}

/** What the evidence says against the expectation. */
export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'broken';
  /** One sentence. */
  readonly why: string;
  /** `connected`, or `stopped at S: R`. */
  readonly outcome: string;
  readonly stageReached: Stage | undefined;
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly detail: string }[];
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
  | { readonly event: 'lab-coming-up'; readonly topology: string }
  | { readonly event: 'cell-started'; readonly cell: string; readonly number: number; readonly of: number }
  | { readonly event: 'step'; readonly cell: string; readonly step: string }
  | { readonly event: 'cell-again'; readonly cell: string; readonly why: string }
  | { readonly event: 'cell-ended'; readonly record: CellRecord }
  | { readonly event: 'lab-going-down'; readonly topology: string };
