import type { LabTimes } from '../records/summary.ts';
import type { Topology } from '../topology.ts';
import type { AttemptEvidence, RunEvent, RunnerParts } from './parts.ts';
import { type Drivers, StandingLab } from './standing-lab.ts';

/** Keeps one lab up between the cells of a bench, and replaces it when it can no longer be trusted. */
export class LabKeeper {
  /** Of every lab that went down or was kept so far. */
  readonly times: LabTimes[] = [];
  readonly #parts: Pick<RunnerParts, 'fabric'>;
  readonly #topology: Topology;
  readonly #drivers: Drivers;
  readonly #keep: boolean;
  readonly #report: (event: RunEvent) => void;
  #standing: StandingLab | undefined;
  #spoilt = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    parts: Pick<RunnerParts, 'fabric'>,
    topology: Topology,
    drivers: Drivers,
    keep: boolean,
    report: (event: RunEvent) => void,
  ) {
    this.#parts = parts;
    this.#topology = topology;
    this.#drivers = drivers;
    this.#keep = keep;
    this.#report = report;
  }

  /** The lab that stands, or a fresh one. What once did not come up is not tried again for every cell: the same error. */
  async stand(signal: AbortSignal): Promise<StandingLab> {
    if (this.#failure) throw this.#failure.error;
    if (this.#spoilt) await this.down();
    if (this.#standing) return this.#standing;
    this.#report({ event: 'lab-coming-up', topology: this.#topology.name });
    try {
      this.#standing = await StandingLab.up(this.#parts, this.#topology, this.#drivers, this.#keep, signal);
      return this.#standing;
    } catch (error) {
      if (!signal.aborted) this.#failure = { error };
      throw error;
    }
  }

  /** The next cell gets a fresh lab. This one stays until then, for whoever wants to look into it. */
  spoil(): void {
    this.#spoilt = true;
  }

  /** Readies the lab for the next cell: peers that still hold something start anew, and a lab in trouble is replaced. */
  async clean({ trouble, left }: AttemptEvidence, signal: AbortSignal): Promise<void> {
    if (trouble.length > 0 || !left) return this.spoil();
    if (left.length === 0) return;
    try {
      await this.#standing?.restartPeers(signal);
    } catch {
      signal.throwIfAborted();
      this.spoil();
    }
  }

  /** The bench has ended: the lab goes down, or stays where that was asked for. */
  async release(): Promise<void> {
    if (!this.#keep) return this.down();
    const standing = this.#standing;
    this.#standing = undefined;
    if (!standing) return;
    this.times.push(standing.times);
    // Their programs hang on this process; the nodes and their network stay.
    await standing.stopPeers(new AbortController().signal);
  }

  async down(): Promise<void> {
    const standing = this.#standing;
    this.#standing = undefined;
    this.#spoilt = false;
    if (!standing) return;
    this.#report({ event: 'lab-going-down', topology: this.#topology.name });
    this.times.push(await standing.down());
  }
}
