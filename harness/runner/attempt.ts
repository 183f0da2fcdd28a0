import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cell } from '../cell.ts';
import type { Capture, CaptureResult } from '../fabric/fabric.ts';
import { networkSettings } from '../network-settings.ts';
import type { CellSettings } from '../peers/peer.ts';
import type { CellRecord } from '../record.ts';
import type { BoxDrop } from '../verdict/evidence.ts';
import { ClientTurn, type TurnParts } from './client-turn.ts';
import type { AttemptEvidence, Recorder, RunnerParts } from './parts.ts';
import type { StandingLab } from './standing-lab.ts';
import { deadlines, Steps } from './steps.ts';
import { bugTraces } from './trouble.ts';

/** Above what any attempt can take: every step once at its deadline, for as many as five clients. Milliseconds. */
export const longestAttemptMs =
  12 * deadlines.step +
  deadlines.sustained +
  deadlines.event +
  5 * (8 * deadlines.step + deadlines.connect + 2 * deadlines.traffic);

type AttemptParts = TurnParts & Pick<RunnerParts, 'boxDrops' | 'observeWire' | 'keyTables'>;

export interface AttemptPlan {
  readonly cell: Cell;
  /** For each client; the responder is told the first's. */
  readonly settings: readonly [CellSettings, ...CellSettings[]];
  /** For captures and logs; relative to the recorder's path. */
  readonly directory: string;
  /** Measure sustained throughput after the proof of traffic. */
  readonly throughput: boolean;
  /** Ask the peers for what decrypts the captures. */
  readonly keys: boolean;
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
  readonly #progress: (step: string) => void;
  readonly #steps: Steps;
  readonly #turns: readonly ClientTurn[];

  #capture: Capture | undefined;
  #captured: CaptureResult | undefined;
  #wasSetUp = false;
  #boxDrops: readonly BoxDrop[] | undefined;
  #leftAtResponder: readonly string[] | undefined;
  readonly #logs: Record<string, string> = {};
  readonly #keys: Record<string, string> = {};

  constructor(
    parts: AttemptParts,
    standing: StandingLab,
    recorder: Recorder,
    plan: AttemptPlan,
    signal: AbortSignal,
    progress: (step: string) => void,
  ) {
    this.#parts = parts;
    this.#standing = standing;
    this.#recorder = recorder;
    this.#plan = plan;
    this.#progress = progress;
    const steps = new Steps(signal, progress);
    this.#steps = steps;
    this.#turns = standing.clients.map(
      (peer, number) => new ClientTurn(parts, standing, steps, plan.cell, peer, number),
    );
  }

  async run(): Promise<AttemptEvidence> {
    let current = this.#turns[0];
    try {
      await this.#prepare();
      this.#wasSetUp = true;
      for (const turn of this.#turns) {
        current = turn;
        await this.#connect(turn);
      }
      for (const turn of this.#turns.slice(0, -1)) await turn.pingAgain();
      await this.#hold();
    } catch (error) {
      this.#steps.failed('playing the cell', error);
      await current?.salvageStatus();
    }
    await this.#end();
    await this.#writeLogs();
    this.#writeKeys();
    return this.#evidence();
  }

  /** Of each client: milliseconds to the end of its last negotiation, where that came. */
  get connectMs(): readonly (number | undefined)[] {
    return this.#turns.map(({ connectMs }) => connectMs);
  }

  /** Paths relative to the run's directory. */
  get files(): CellRecord['files'] {
    const files = Object.entries(this.#captured?.files ?? {});
    const captures = files.map(([segment, file]) => [segment, relative(this.#recorder.path, file)]);
    const keys = Object.keys(this.#keys).length > 0 ? { keys: this.#keys } : {};
    return { captures: Object.fromEntries(captures), logs: this.#logs, ...keys };
  }

  async #prepare(): Promise<void> {
    const { lab, responder } = this.#standing;
    const { cell, settings, directory } = this.#plan;
    const [first] = settings;
    await this.#steps.timed('probing the boxes', deadlines.step, (signal) =>
      lab.probeBoxes(cell.nat, cell.clients, signal),
    );
    await this.#steps.together('setting the boxes and starting the capture', [
      ['setting the boxes', (signal) => lab.resetBoxes(cell.nat, cell.clients, signal)],
      [
        'starting the capture',
        async (signal) => {
          this.#capture = await lab.startCapture(join(this.#recorder.path, directory), signal);
        },
      ],
    ]);
    await this.#steps.together('configuring the peers', [
      ['configuring the responder', (signal) => responder.configure(cell, first, signal)],
      ...this.#turns.map((turn) => turn.configuring(settings[turn.number] ?? first)),
    ]);
  }

  async #connect(turn: ClientTurn): Promise<void> {
    await turn.dial(this.#progress);
    if (this.#plan.keys) await turn.readKeys();
    await turn.proveTraffic();
    if (!turn.hasProof) return;
    // With several clients the capture goes on for those that follow, and no single link is measured.
    if (this.#plan.throughput && this.#turns.length === 1) {
      // Full capture ends with the proof of traffic: sustained load is measured without its cost.
      await this.#endCapture();
      await turn.sustain();
    }
    // The responder may have been a packet behind when the client was up; traffic has come through it since.
    await turn.readStatus();
  }

  /** What the cell and its topology have happen to connections that stand and have proved that they carry traffic. */
  async #hold(): Promise<void> {
    const { lab } = this.#standing;
    const { nat } = this.#plan.cell;
    const { hold } = networkSettings(lab.topology, nat);
    const proved = this.#turns.filter(({ hasProof }) => hasProof);
    const [first] = this.#plan.settings;
    for (const turn of proved) await turn.liveThrough(first);
    if (!hold || proved.length === 0) return;
    const { idleSeconds = 0, rebind } = hold;
    const event = rebind ? 'rebinding' : 'idle';
    await this.#steps.timed(event, deadlines.step + idleSeconds * 1000, (signal) =>
      rebind ? lab.rebind(nat, signal) : delay(idleSeconds * 1000, undefined, { signal }),
    );
    for (const turn of proved) await turn.pingAfterHold(event);
  }

  /** Disconnects and reads what is left, ends the capture and reads it; each even if the one before failed. */
  async #end(): Promise<void> {
    const { lab, responder } = this.#standing;
    this.#boxDrops = await this.#steps.salvage('reading what the boxes dropped', (signal) =>
      this.#parts.boxDrops(lab, signal),
    );
    for (const turn of this.#turns) await turn.disconnect();
    for (const turn of this.#turns) await turn.readRemains();
    this.#leftAtResponder = await this.#steps.salvage('reading what is left at the responder', (signal) =>
      responder.remains(signal),
    );
    for (const turn of this.#turns) await turn.readEnding();
    await this.#endCapture();
    const result = this.#captured;
    if (!result) return;
    const topology = { ...lab.topology, dial: this.#plan.settings[0].dial };
    const captured = { topology, result, responder, runDirectory: this.#recorder.path };
    const wires = await this.#steps.salvage('reading the captures', () => this.#parts.observeWire(captured));
    for (const turn of this.#turns) turn.wire = wires?.[turn.number];
  }

  async #endCapture(): Promise<void> {
    const capture = this.#capture;
    if (!capture || this.#captured) return;
    this.#captured = await this.#steps.salvage('ending the capture', () => capture.stop());
  }

  #evidence(): AttemptEvidence {
    const atResponder = this.#leftAtResponder;
    const all = [atResponder, ...this.#turns.map(({ left }) => left)];
    const left = all.some((each) => each === undefined) ? undefined : all.flatMap((each) => each ?? []);
    const clients = this.#turns.map((turn) => turn.evidence(atResponder, this.#boxDrops));
    return { clients, left, wasSetUp: this.#wasSetUp, trouble: this.#steps.trouble };
  }

  /** The logs of all peers and, where something went wrong, of every node's container. */
  async #writeLogs(): Promise<void> {
    const { lab, responder } = this.#standing;
    const { trouble } = this.#steps;
    const sources: [string, () => Promise<string>][] = [
      ...this.#turns.map((turn): [string, () => Promise<string>] => [turn.name, () => turn.logs()]),
      ['responder', () => responder.logs()],
    ];
    if (trouble.length > 0) {
      for (const name of Object.keys(lab.topology.nodes)) {
        sources.push([`container-${name}`, () => lab.node(name).logs()]);
      }
    }
    const traces = bugTraces(trouble);
    if (traces !== '') sources.push(['harness', async () => traces]);
    for (const [name, read] of sources) {
      const text = await this.#steps.salvage(`reading the log of ${name}`, read);
      if (text !== undefined) this.#logs[name] = this.#write(`${name}.log`, text);
    }
  }

  /** What decrypts the captures, beside them. */
  #writeKeys(): void {
    const tables = this.#parts.keyTables(this.#turns.flatMap(({ keys }) => keys)) ?? {};
    for (const [name, text] of Object.entries(tables)) this.#keys[name] = this.#write(name, text);
  }

  /** Into the attempt's directory; gives the path for the record. */
  #write(name: string, text: string): string {
    const file = join(this.#plan.directory, name);
    this.#recorder.writeFile(file, text);
    return file;
  }
}
