import { join, relative } from 'node:path';
import type { Cell } from '../cell.ts';
import type { Capture, CaptureResult } from '../fabric/fabric.ts';
import type { PeerObservation, TrafficObservation, WireObservation } from '../observation.ts';
import type { CellSettings } from '../peers/peer.ts';
import { stageIndex } from '../stage.ts';
import { withDeadline } from './deadline.ts';
import type { AttemptEvidence, Connection, Recorder, RunnerParts } from './parts.ts';
import type { StandingLab } from './standing-lab.ts';
import { bugTraces, type Trouble, troubleWith } from './trouble.ts';

/** Milliseconds. Generous: a deadline catches what hangs, it measures nothing. */
const deadlines = { step: 30_000, salvage: 10_000, connect: 120_000, traffic: 120_000, sustained: 300_000 };

/** Above what any attempt can take: every step once at its deadline. Milliseconds. */
export const longestAttemptMs =
  12 * deadlines.step + deadlines.connect + deadlines.traffic + deadlines.sustained;

type AttemptParts = Pick<RunnerParts, 'proveTraffic' | 'sustain' | 'boxDrops' | 'observeWire'>;

export interface AttemptPlan {
  readonly cell: Cell;
  readonly settings: CellSettings;
  /** For captures and logs; relative to the recorder's path. */
  readonly directory: string;
  /** Measure sustained throughput after the proof of traffic. */
  readonly throughput: boolean;
}

/**
 * One attempt at one cell in a lab that stands: settings, capture, connection, proof of traffic, end.
 * `run` never throws but for an interruption: what goes wrong becomes trouble in the evidence, and whatever
 * evidence can still be had is gathered then too, while everything is still up.
 */
export class Attempt {
  readonly #parts: AttemptParts;
  readonly #standing: StandingLab;
  readonly #recorder: Recorder;
  readonly #plan: AttemptPlan;
  readonly #signal: AbortSignal;
  readonly #step: (name: string) => void;

  #capture: Capture | undefined;
  #captured: CaptureResult | undefined;
  #client: PeerObservation | undefined;
  #responder: PeerObservation | undefined;
  #traffic: TrafficObservation | undefined;
  #wire: WireObservation | undefined;
  #boxDrops: AttemptEvidence['boxDrops'];
  #left: AttemptEvidence['left'];
  readonly #trouble: Trouble[] = [];
  readonly #logs: Record<string, string> = {};

  constructor(
    parts: AttemptParts,
    standing: StandingLab,
    recorder: Recorder,
    plan: AttemptPlan,
    signal: AbortSignal,
    step: (name: string) => void,
  ) {
    this.#parts = parts;
    this.#standing = standing;
    this.#recorder = recorder;
    this.#plan = plan;
    this.#signal = signal;
    this.#step = step;
  }

  async run(): Promise<AttemptEvidence> {
    try {
      await this.#prepare();
      await this.#timed('connecting', deadlines.connect, (signal) =>
        this.#standing.client.connect(signal, this.#step),
      );
      await this.#readStatus();
      await this.#proveTraffic();
      // The responder may have been a packet behind when the client was up; traffic has come through it since.
      if (this.#traffic) await this.#readStatus();
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#trouble.push(troubleWith('playing the cell', error));
      if (!this.#client) await this.#readStatus();
    }
    await this.#end();
    await this.#writeLogs();
    return this.evidence;
  }

  get evidence(): AttemptEvidence {
    return {
      client: this.#client,
      responder: this.#responder,
      wire: this.#wire,
      traffic: this.#traffic,
      left: this.#left,
      ...(this.#boxDrops ? { boxDrops: this.#boxDrops } : {}),
      trouble: this.#trouble,
    };
  }

  /** Milliseconds from the command to connect to the end of the last negotiation; absent where that did not come. */
  get connectMs(): number | undefined {
    return this.#client?.stages.find(({ stage, state }) => stage === 'ppp-ipcp' && state === 'done')?.atMs;
  }

  /** Paths relative to the run's directory. */
  get files(): { readonly captures: Record<string, string>; readonly logs: Record<string, string> } {
    const files = Object.entries(this.#captured?.files ?? {});
    const captures = files.map(([segment, file]) => [segment, relative(this.#recorder.path, file)]);
    return { captures: Object.fromEntries(captures), logs: this.#logs };
  }

  async #prepare(): Promise<void> {
    const { lab, client, responder } = this.#standing;
    const { cell, settings, directory } = this.#plan;
    this.#step('setting the boxes and starting the capture');
    await this.#together([
      ['setting the boxes', (signal) => lab.resetBoxes(cell.nat, signal)],
      [
        'starting the capture',
        async (signal) => {
          this.#capture = await lab.startCapture(join(this.#recorder.path, directory), signal);
        },
      ],
    ]);
    this.#step('configuring the peers');
    await this.#together([
      ['configuring the responder', (signal) => responder.configure(cell, settings, signal)],
      ['configuring the client', (signal) => client.configure(cell, settings, signal)],
    ]);
  }

  /** Steps that need not wait for each other. All have ended when it returns: nothing goes on behind the cell's end. */
  async #together(steps: readonly [string, (signal: AbortSignal) => Promise<void>][]): Promise<void> {
    const begun = steps.map(([doing, work]) => withDeadline(doing, deadlines.step, this.#signal, work));
    await Promise.allSettled(begun);
    await Promise.all(begun);
  }

  async #readStatus(): Promise<void> {
    const { client, responder } = this.#standing;
    const [ofClient, ofResponder] = await Promise.all([
      this.#salvage("reading the client's status", (signal) => client.status(signal)),
      this.#salvage("reading the responder's status", (signal) => responder.status(signal)),
    ]);
    this.#client = ofClient ?? this.#client;
    this.#responder = ofResponder ?? this.#responder;
  }

  async #proveTraffic(): Promise<void> {
    const { lab, clientNode, responderNode, client, responder } = this.#standing;
    const clientSaw = this.#client;
    const responderSaw = this.#responder;
    if (!clientSaw || !responderSaw || !isConnected(clientSaw)) return;
    const ends = { clientNode, responderNode, client, responder, clientSaw, responderSaw };
    const connection: Connection = { cell: this.#plan.cell, lab, ...ends };
    const proof = await this.#timed('traffic', deadlines.traffic, (signal) =>
      this.#parts.proveTraffic(connection, signal),
    );
    this.#traffic = proof;
    if (!this.#plan.throughput) return;
    // Full capture ends with the proof of traffic: sustained load is measured without its cost.
    await this.#endCapture();
    this.#traffic = await this.#timed('throughput', deadlines.sustained, (signal) =>
      this.#parts.sustain(connection, proof, signal),
    );
  }

  /** Disconnects and reads what is left, ends the capture and reads it; each even if the one before failed. */
  async #end(): Promise<void> {
    const { lab, client, responder } = this.#standing;
    this.#boxDrops = await this.#salvage('reading what the boxes dropped', (signal) =>
      this.#parts.boxDrops(lab, signal),
    );
    await this.#salvage('disconnecting', (signal) => client.disconnect(signal));
    const ofClient = await this.#salvage('reading what is left', (signal) => client.remains(signal));
    const ofResponder = await this.#salvage('reading what is left', (signal) => responder.remains(signal));
    if (ofClient && ofResponder) this.#left = { client: ofClient, responder: ofResponder };
    await this.#endCapture();
    const result = this.#captured;
    if (!result) return;
    const captured = { topology: lab.topology, result, responder, runDirectory: this.#recorder.path };
    this.#wire = await this.#salvage('reading the captures', () => this.#parts.observeWire(captured));
  }

  async #endCapture(): Promise<void> {
    const capture = this.#capture;
    if (!capture || this.#captured) return;
    this.#captured = await this.#salvage('ending the capture', () => capture.stop());
  }

  /** The logs of both peers and, where something went wrong, of every node's container. */
  async #writeLogs(): Promise<void> {
    const { lab, client, responder } = this.#standing;
    const sources: [string, () => Promise<string>][] = [
      ['client', () => client.logs()],
      ['responder', () => responder.logs()],
    ];
    if (this.#trouble.length > 0) {
      for (const name of Object.keys(lab.topology.nodes)) {
        sources.push([`container-${name}`, () => lab.node(name).logs()]);
      }
    }
    const traces = bugTraces(this.#trouble);
    if (traces !== '') sources.push(['harness', async () => traces]);
    for (const [name, read] of sources) {
      const text = await this.#salvage(`reading the log of ${name}`, read);
      if (text === undefined) continue;
      const file = join(this.#plan.directory, `${name}.log`);
      this.#recorder.writeFile(file, text);
      this.#logs[name] = file;
    }
  }

  async #timed<T>(doing: string, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#step(doing);
    return withDeadline(doing, ms, this.#signal, work);
  }

  /** Work whose failure must not keep the rest of the evidence from being gathered. */
  async #salvage<T>(doing: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    try {
      // After the first trouble the next is likely: a hung peer must not cost half a minute at every step.
      const ms = this.#trouble.length === 0 ? deadlines.step : deadlines.salvage;
      return await this.#timed(doing, ms, work);
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#trouble.push(troubleWith(doing, error));
      return undefined;
    }
  }
}

/** Every step before traffic is behind the client: the moment for the proof. */
export function isConnected(client: PeerObservation): boolean {
  const negotiated = client.stages.filter(({ stage }) => stageIndex(stage) < stageIndex('traffic'));
  return (
    negotiated.some(({ stage, state }) => stage === 'ppp-ipcp' && state === 'done') &&
    negotiated.every(({ state }) => state !== 'stopped')
  );
}
