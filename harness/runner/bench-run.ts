import { type Cell, cellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { Expectation } from '../expectation.ts';
import type { PeerDriver } from '../peers/peer.ts';
import type { CellRecord } from '../record.ts';
import type { LabTimes } from '../records/summary.ts';
import { suggestion } from '../suggestion.ts';
import type { Topology } from '../topology.ts';
import type { Judgement } from '../verdict/judge.ts';
import { Attempt } from './attempt.ts';
import { canaryBeside, canaryExpectation } from './canary.ts';
import {
  afterReuse,
  type CellHeader,
  type CellPart,
  cellRecord,
  type Outcome,
  observed,
  unplayedOutcome,
} from './cell-record.ts';
import { LabKeeper } from './lab-keeper.ts';
import type { AttemptEvidence, Recorder, RunEvent, RunnerParts } from './parts.ts';
import type { Bench, PlannedCell } from './plan.ts';
import type { RunnerOptions } from './runner.ts';
import type { Drivers } from './standing-lab.ts';
import { troubleVerdict, troubleWith } from './trouble.ts';

/** Plays the cells of one bench in the lab they share. */
export class BenchRun {
  readonly #parts: RunnerParts;
  readonly #recorder: Recorder;
  readonly #bench: Bench;
  readonly #options: RunnerOptions;
  readonly #signal: AbortSignal;
  readonly #report: (event: RunEvent) => void;
  readonly #topology: Topology;
  readonly #drivers: Drivers;
  readonly #keeper: LabKeeper;

  constructor(
    parts: RunnerParts,
    recorder: Recorder,
    bench: Bench,
    options: RunnerOptions,
    signal: AbortSignal,
    report: (event: RunEvent) => void,
  ) {
    this.#parts = parts;
    this.#recorder = recorder;
    this.#bench = bench;
    this.#options = options;
    this.#signal = signal;
    this.#report = report;
    this.#topology = parts.loadTopology(bench.topology);
    this.#drivers = { client: driver(parts, bench.client), responder: driver(parts, bench.responder) };
    this.#keeper = new LabKeeper(parts, this.#topology, this.#drivers, options.keep, report);
  }

  /** Times of the labs that ended so far. */
  get labs(): readonly LabTimes[] {
    return this.#keeper.times;
  }

  release(): Promise<void> {
    return this.#keeper.release();
  }

  down(): Promise<void> {
    return this.#keeper.down();
  }

  /** Plays one cell; once more on a fresh lab where it failed on a used one. Throws only when interrupted. */
  async cell({ cell, repeat }: PlannedCell, failedBefore: boolean): Promise<CellRecord> {
    const { seed } = this.#options;
    const part = { cell, repeat, canary: false, seed: repeat === 1 ? seed : `${seed}.${repeat}` };
    const name = repeat === 1 ? cellId(cell) : `${cellId(cell)}@${repeat}`;
    const expectation = () => this.#parts.expect(cell, this.#topology);
    return this.#record(part, failedBefore, expectation, async (expected) => {
      const first = await this.#attempt(part, expected, name);
      if (first.verdict !== 'fail' || first.lab?.state !== 'reused') return first;
      this.#report({ event: 'cell-again', cell: cellId(cell), why: first.why });
      this.#keeper.spoil();
      return afterReuse(first, await this.#attempt(part, expected, `${name}.fresh`));
    });
  }

  /** Plays the cell that must fail, on whatever lab stands. Throws only when interrupted. */
  async canary(): Promise<CellRecord> {
    const cell = canaryBeside(this.#bench.cells[0].cell);
    const part = { cell, repeat: 1, canary: true, seed: `${this.#options.seed}.canary` };
    return this.#record(
      part,
      false,
      () => canaryExpectation,
      (expected) => this.#attempt(part, expected, 'canary'),
    );
  }

  /** A record comes of it whatever is thrown, but for an interruption. */
  async #record(
    part: CellPart,
    failedBefore: boolean,
    expected: () => Expectation,
    play: (expectation: Expectation) => Promise<Outcome>,
  ): Promise<CellRecord> {
    const startedAt = new Date();
    const started = performance.now();
    let expectation: Expectation | undefined;
    let outcome: Outcome;
    try {
      expectation = expected();
      outcome = this.#cannotPlay(part.cell) ?? (await play(expectation));
    } catch (error) {
      this.#signal.throwIfAborted();
      outcome = unplayedOutcome(troubleVerdict([troubleWith('preparing the cell', error)]));
    }
    const header: CellHeader = {
      ...part,
      run: this.#recorder.run,
      fabric: this.#parts.fabric.name,
      startedAt,
      expectation,
      host: this.#options.probe.facts,
      versions: this.#options.versions,
      flaky: failedBefore && outcome.verdict === 'pass',
    };
    return cellRecord(header, outcome, performance.now() - started);
  }

  /** Why this cell is not played at all. */
  #cannotPlay(cell: Cell): Outcome | undefined {
    const roles = ['client', 'responder'] as const;
    const unsupported =
      unplayable(cell) ??
      roles.map((role) => this.#drivers[role].unsupported(cell, role)).find((why) => why !== undefined);
    if (unsupported !== undefined) return unplayedOutcome({ verdict: 'unsupported', why: unsupported });
    const lacks = this.#options.probe.lacks.map(({ what, remedy }) => `${what}. ${remedy}`);
    if (lacks.length === 0) return undefined;
    return unplayedOutcome({ verdict: 'unavailable', why: lacks.join('; ') });
  }

  async #attempt({ cell, seed }: CellPart, expectation: Expectation, name: string): Promise<Outcome> {
    const settings = this.#parts.settings(cell, this.#topology, seed);
    const standing = await this.#keeper.stand(this.#signal);
    const started = performance.now();
    const cellNumber = ++standing.cells;
    const directory = this.#recorder.cellDirectory(name);
    const attempt = new Attempt(
      this.#parts,
      standing,
      this.#recorder,
      { cell, settings, directory, throughput: this.#options.throughput },
      this.#signal,
      (step) => this.#report({ event: 'step', cell: cellId(cell), step }),
    );
    const evidence = await attempt.run();
    const { verdict, why, judgement } = this.#judged(expectation, evidence);
    const outcome: Outcome = {
      verdict,
      why,
      lab: { id: standing.lab.id, state: cellNumber === 1 ? 'fresh' : 'reused', cellNumber },
      observed: observed(evidence, judgement),
      connectMs: attempt.connectMs,
      timerFactor: settings.timerFactor,
      versions: standing.versions,
      files: attempt.files,
    };
    await this.#keeper.clean(evidence, this.#signal);
    (evidence.traffic ? standing.connectingMs : standing.otherMs).push(performance.now() - started);
    return outcome;
  }

  /** The evidence stays in the record even where judging it fails. */
  #judged(expectation: Expectation, evidence: AttemptEvidence): Judged {
    const [trouble, ...more] = evidence.trouble;
    if (trouble) return { ...troubleVerdict([trouble, ...more]), judgement: undefined };
    try {
      const judgement = this.#parts.judge(expectation, evidence);
      return { verdict: judgement.verdict, why: judgement.why, judgement };
    } catch (error) {
      return { ...troubleVerdict([troubleWith('judging the evidence', error)]), judgement: undefined };
    }
  }
}

type Judged = Pick<Outcome, 'verdict' | 'why'> & { readonly judgement: Judgement | undefined };

/** What the runner itself cannot play yet, whatever the peers can. */
function unplayable({ clients, impair }: Cell): string | undefined {
  if (clients !== 1) return 'the runner plays one client at a time';
  if (impair !== 'none') return `the runner has no impairment ${impair}`;
  return undefined;
}

function driver({ peers }: Pick<RunnerParts, 'peers'>, name: string): PeerDriver {
  const found = peers.get(name);
  if (found) return found;
  throw new CrossnatError('usage', {
    doing: 'choosing the peers',
    found: `there is no peer ${JSON.stringify(name)}`,
    remedy: suggestion(name, [...peers.keys()]),
  });
}
