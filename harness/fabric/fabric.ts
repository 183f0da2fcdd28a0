import type { Readable, Writable } from 'node:stream';
import type { Topology } from '../topology.ts';

/**
 * What carries a topology. `docker`: containers and real iptables; what only these can do is in `DockerLab`. `embedded`:
 * this process, which plays cells without labs (`runner/embedded/`) and writes the same records.
 */
export interface Fabric {
  readonly name: 'docker' | 'embedded';
  /** Why it cannot be set so for so many clients, whatever the host has; absent where it can everything. */
  readonly beyond?: (topology: Topology, nat: string, clients: number) => string | undefined;
  /** Brings a topology up: nodes, segments, addresses, routes, NAT rules. Removes everything if it fails or is aborted. */
  up(plan: LabPlan, signal: AbortSignal): Promise<Lab>;
}

/** What this host gives and lacks for a fabric, probed before anything is started; goes into every record. */
export interface FabricProbe {
  readonly fabric: Fabric['name'];
  readonly facts: Readonly<Record<string, string>>;
  /** What is missing, and what to type; empty means everything is there. */
  readonly lacks: readonly { readonly what: string; readonly remedy: string }[];
}

export interface LabPlan {
  readonly topology: Topology;
  /** Folder name under `images/` for each node; nodes that are absent here get `box`. */
  readonly images: Readonly<Record<string, string>>;
  /** Survives the run: `--keep`. */
  readonly keep: boolean;
}

export interface Lab {
  /** Short and unique; the label of everything that belongs to it. */
  readonly id: string;
  readonly topology: Topology;
  node(name: string): LabNode;
  /**
   * Sets boxes and segments as the cell's axis `nat` says (`networkSettings`), for so many clients, and flushes
   * connection tracking in every box. Throws CrossnatError `unavailable` where this fabric or host cannot.
   */
  resetBoxes(nat: string, clients: number, signal: AbortSignal): Promise<void>;
  /**
   * Measures the boxes, set so, where this lab has not done that yet. Its packets are on the wires: before any capture,
   * and before a reset. Throws CrossnatError `broken` where a box is not what it is declared to be.
   */
  probeBoxes(nat: string, clients: number, signal: AbortSignal): Promise<void>;
  /** What `networkSettings` calls `rebind`: a NAT box forgets all mappings, gives other ports, and takes another address where one is named. */
  rebind(nat: string, signal: AbortSignal): Promise<void>;
  /** Captures every segment from now on; files `<segment>.pcap` appear in `directory` when it is stopped. */
  startCapture(directory: string, signal: AbortSignal): Promise<Capture>;
  /** Version facts for the record: image hashes, engine, kernel. */
  readonly versions: Readonly<Record<string, string>>;
  /** Idempotent; removes by label. */
  down(): Promise<void>;
}

export interface LabNode {
  readonly name: string;
  /** Container name, for `npm run shell`. */
  readonly container: string;
  /** Runs a program to its end. A non-zero exit code is a result, not an error. */
  exec(argv: readonly string[], options: { signal: AbortSignal; input?: string }): Promise<ExecResult>;
  /** Starts a program and stays connected to it. */
  spawn(argv: readonly string[], signal: AbortSignal): Promise<NodeProcess>;
  /** Copies a directory of this machine (regular files, filtered) to a path in the node. */
  copyIn(from: string, to: string, accept: (relativePath: string) => boolean): Promise<void>;
  /** Last lines the node's container wrote: its last words when it died. */
  logs(): Promise<string>;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NodeProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program ends; a died container is exit code 137 or the like. */
  readonly exit: Promise<number>;
  kill(): Promise<void>;
}

export interface Capture {
  /** Stops, flushes and copies out; idempotent. */
  stop(): Promise<CaptureResult>;
}

export interface CaptureResult {
  /** Segment name -> pcap file on this machine. */
  readonly files: Readonly<Record<string, string>>;
  readonly droppedByCapture: number;
}
