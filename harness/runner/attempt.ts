import { join, relative } from 'node:path';
import type { Cell } from '../cell.ts';
import type { Capture, CaptureResult } from '../fabric/fabric.ts';
import type { PeerObservation, TrafficObservation, WireObservation } from '../observation.ts';
import type { CellSettings, Peer } from '../peers/peer.ts';
import { stageIndex } from '../stage.ts';
import type { Evidence } from '../verdict/evidence.ts';
import { withDeadline } from './deadline.ts';
import type { AttemptEvidence, Connection, Recorder, RunnerParts } from './parts.ts';
import type { StandingLab } from './standing-lab.ts';
import { bugTraces, type Trouble, troubleWith } from './trouble.ts';

/** Milliseconds. Generous: a deadline catches what hangs, it measures nothing. */
const deadlines = { step: 30_000, salvage: 10_000, connect: 120_000, traffic: 120_000, sustained: 300_000 };

/** Above what any attempt can take: every step once at its deadline, for as many as five clients. Milliseconds. */
export const longestAttemptMs =
  12 * deadlines.step +
  deadlines.sustained +
  5 * (6 * deadlines.step + deadlines.connect + deadlines.traffic);

type AttemptParts = Pick<RunnerParts, 'proveTraffic' | 'pingAgain' | 'sustain' | 'boxDrops' | 'observeWire'>;

export interface AttemptPlan {
  readonly cell: Cell;
  /** For each client; the responder is told the first's. */
  readonly settings: readonly [CellSettings, ...CellSettings[]];
  /** For captures and logs; relative to the recorder's path. */
  readonly directory: string;
  /** Measure sustained throughput after the proof of traffic. */
  readonly throughput: boolean;
}

/** One client and what came to light of its connection. */
interface Turn {
  readonly number: number;
  readonly node: string;
  readonly peer: Peer;
  client?: PeerObservation;
  responder?: PeerObservation;
  traffic?: TrafficObservation;
  wire?: WireObservation;
  left?: readonly string[];
}

/**
 * One attempt at one cell in a lab that stands: settings, capture, connections, proofs of traffic, end. Clients
 * dial one after the other, each when the one before it has had its proof of traffic; then those that stand prove
 * that they still pass. `run` never throws but for an interruption: what goes wrong becomes trouble in the
 * evidence, and whatever evidence can still be had is gathered then too, while everything is still up.
 */
export class Attempt {
  readonly #parts: AttemptParts;
  readonly #standing: StandingLab;
  readonly #recorder: Recorder;
  readonly #plan: AttemptPlan;
  readonly #signal: AbortSignal;
  readonly #step: (name: string) => void;
  readonly #turns: readonly Turn[];

  #capture: Capture | undefined;
  #captured: CaptureResult | undefined;
  #boxDrops: Evidence['boxDrops'];
  #leftAtResponder: readonly string[] | undefined;
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
    const { clients } = standing.nodes;
    this.#turns = standing.clients.map((peer, number) => ({ number, node: clients[number] ?? '', peer }));
  }

  async run(): Promise<AttemptEvidence> {
    let current = this.#turns[0];
    try {
      await this.#prepare();
      for (const turn of this.#turns) {
        current = turn;
        await this.#connect(turn);
      }
      for (const turn of this.#turns.slice(0, -1)) {
        current = turn;
        await this.#pingAgain(turn);
      }
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#trouble.push(troubleWith('playing the cell', error));
      if (current && !current.client) await this.#readStatus(current);
    }
    await this.#end();
    await this.#writeLogs();
    return this.evidence;
  }

  get evidence(): AttemptEvidence {
    const atResponder = this.#leftAtResponder;
    const clients = this.#turns.map(
      ({ client, responder, wire, traffic, left }): Evidence => ({
        client,
        responder,
        wire,
        traffic,
        left: left && atResponder && { client: left, responder: atResponder },
        ...(this.#boxDrops ? { boxDrops: this.#boxDrops } : {}),
      }),
    );
    const all = [atResponder, ...this.#turns.map(({ left }) => left)];
    const left = all.some((each) => each === undefined) ? undefined : all.flatMap((each) => each ?? []);
    return { clients, left, trouble: this.#trouble };
  }

  /** Milliseconds from the first client's command to connect to the end of the last negotiation; absent where that did not come. */
  get connectMs(): number | undefined {
    const stages = this.#turns[0]?.client?.stages;
    return stages?.find(({ stage, state }) => stage === 'ppp-ipcp' && state === 'done')?.atMs;
  }

  /** Paths relative to the run's directory. */
  get files(): { readonly captures: Record<string, string>; readonly logs: Record<string, string> } {
    const files = Object.entries(this.#captured?.files ?? {});
    const captures = files.map(([segment, file]) => [segment, relative(this.#recorder.path, file)]);
    return { captures: Object.fromEntries(captures), logs: this.#logs };
  }

  async #prepare(): Promise<void> {
    const { lab, responder } = this.#standing;
    const { cell, settings, directory } = this.#plan;
    const [first] = settings;
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
      ['configuring the responder', (signal) => responder.configure(cell, first, signal)],
      ...this.#turns.map(({ number, peer }): [string, (signal: AbortSignal) => Promise<void>] => [
        this.#of('configuring the client', number),
        (signal) => peer.configure(cell, settings[number] ?? first, signal),
      ]),
    ]);
  }

  async #connect(turn: Turn): Promise<void> {
    const { responder } = this.#standing;
    const { number, peer } = turn;
    if (number > 0) {
      await this.#timed(this.#of('announcing the client', number), deadlines.step, (signal) =>
        responder.expectClient(number, signal),
      );
    }
    await this.#timed(this.#of('connecting', number), deadlines.connect, (signal) =>
      peer.connect(signal, this.#step),
    );
    await this.#readStatus(turn);
    await this.#proveTraffic(turn);
    // The responder may have been a packet behind when the client was up; traffic has come through it since.
    if (turn.traffic) await this.#readStatus(turn);
  }

  /** Steps that need not wait for each other. All have ended when it returns: nothing goes on behind the cell's end. */
  async #together(steps: readonly [string, (signal: AbortSignal) => Promise<void>][]): Promise<void> {
    const begun = steps.map(([doing, work]) => withDeadline(doing, deadlines.step, this.#signal, work));
    await Promise.allSettled(begun);
    await Promise.all(begun);
  }

  async #readStatus(turn: Turn): Promise<void> {
    const { responder } = this.#standing;
    const { number, peer } = turn;
    const [ofClient, ofResponder] = await Promise.all([
      this.#salvage(this.#of("reading the client's status", number), (signal) => peer.status(signal, number)),
      this.#salvage("reading the responder's status", (signal) => responder.status(signal, number)),
    ]);
    if (ofClient) turn.client = ofClient;
    if (ofResponder) turn.responder = ofResponder;
  }

  /** The connection of a client that has one. */
  #connection({ node, peer, client, responder }: Turn): Connection | undefined {
    if (!client || !responder || !isConnected(client)) return undefined;
    const { lab, nodes, responder: serving } = this.#standing;
    return {
      cell: this.#plan.cell,
      lab,
      clientNode: node,
      responderNode: nodes.responder,
      client: peer,
      responder: serving,
      clientSaw: client,
      responderSaw: responder,
    };
  }

  async #proveTraffic(turn: Turn): Promise<void> {
    const connection = this.#connection(turn);
    if (!connection) return;
    const proof = await this.#timed(this.#of('traffic', turn.number), deadlines.traffic, (signal) =>
      this.#parts.proveTraffic(connection, signal),
    );
    turn.traffic = proof;
    // With several clients the capture goes on for those that follow, and no single link is measured.
    if (!this.#plan.throughput || this.#turns.length > 1) return;
    // Full capture ends with the proof of traffic: sustained load is measured without its cost.
    await this.#endCapture();
    turn.traffic = await this.#timed('throughput', deadlines.sustained, (signal) =>
      this.#parts.sustain(connection, proof, signal),
    );
  }

  /** Whether a connection that had its proof still passes, now that others have dialled. */
  async #pingAgain(turn: Turn): Promise<void> {
    const connection = this.#connection(turn);
    const { traffic, number } = turn;
    if (!connection || !traffic) return;
    const pingAfterOthers = await this.#timed(
      this.#of('traffic again', number),
      deadlines.traffic,
      (signal) => this.#parts.pingAgain(connection, signal),
    );
    turn.traffic = { ...traffic, pingAfterOthers };
  }

  /** Disconnects and reads what is left, ends the capture and reads it; each even if the one before failed. */
  async #end(): Promise<void> {
    const { lab, responder } = this.#standing;
    this.#boxDrops = await this.#salvage('reading what the boxes dropped', (signal) =>
      this.#parts.boxDrops(lab, signal),
    );
    for (const { number, peer } of this.#turns) {
      await this.#salvage(this.#of('disconnecting', number), (signal) => peer.disconnect(signal));
    }
    for (const turn of this.#turns) {
      const left = await this.#salvage('reading what is left', (signal) => turn.peer.remains(signal));
      if (left) turn.left = left;
    }
    this.#leftAtResponder = await this.#salvage('reading what is left', (signal) =>
      responder.remains(signal),
    );
    await this.#endCapture();
    const result = this.#captured;
    if (!result) return;
    const captured = { topology: lab.topology, result, responder, runDirectory: this.#recorder.path };
    const wires = await this.#salvage('reading the captures', () => this.#parts.observeWire(captured));
    for (const turn of this.#turns) {
      const wire = wires?.[turn.number];
      if (wire) turn.wire = wire;
    }
  }

  async #endCapture(): Promise<void> {
    const capture = this.#capture;
    if (!capture || this.#captured) return;
    this.#captured = await this.#salvage('ending the capture', () => capture.stop());
  }

  /** The logs of all peers and, where something went wrong, of every node's container. */
  async #writeLogs(): Promise<void> {
    const { lab, responder } = this.#standing;
    const sources: [string, () => Promise<string>][] = [
      ...this.#turns.map(({ number, peer }): [string, () => Promise<string>] => [
        number === 0 ? 'client' : `client-${number + 1}`,
        () => peer.logs(),
      ]),
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

  /** What is being done, and with which client where there are several. */
  #of(doing: string, number: number): string {
    return this.#turns.length === 1 ? doing : `${doing} (client ${number + 1})`;
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
