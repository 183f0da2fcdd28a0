import { type Cell, cellId } from '../cell.ts';
import { clientPlaces, withClients } from '../client-places.ts';
import { CrossnatError } from '../error.ts';
import type { Expectation } from '../expectation.ts';
import type { PeerDriver } from '../peers/peer.ts';
import type { CellRecord, Verdict } from '../record.ts';
import type { LabTimes } from '../records/summary.ts';
import { suggestion } from '../suggestion.ts';
import type { Topology } from '../topology.ts';
import { withWebHostFor } from '../web-host.ts';
import { Attempt } from './attempt.ts';
import { canaryBeside, canaryExpectation } from './canary.ts';
import {
  afterRandomFault,
  afterReuse,
  type CellHeader,
  type CellPart,
  cellRecord,
  eachClient,
  type Judged,
  type Outcome,
  observed,
  unplayedOutcome,
  unsupportedOutcome,
  wholeCell,
} from './cell-record.ts';
import { LabKeeper } from './lab-keeper.ts';
import { Obstacles } from './obstacles.ts';
import type { AttemptEvidence, Recorder, RunEvent, RunnerParts } from './parts.ts';
import type { Bench, PlannedCell } from './plan.ts';
import { playableTwin } from './playable-twin.ts';
import type { RunnerOptions } from './runner.ts';
import type { Drivers } from './standing-lab.ts';
import { type Trouble, troubleVerdict, troubleWith } from './trouble.ts';

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
  readonly #obstacles: Obstacles;
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
    const whole = parts.loadTopology(bench.topology);
    const places = clientPlaces(whole).length;
    // Cells that need more than there are get no lab.
    const placed = withClients(whole, Math.min(bench.clients, places));
    this.#topology = withWebHostFor(
      placed,
      bench.cells.map(({ cell }) => cell),
    );
    this.#drivers = { client: driver(parts, bench.client), responder: driver(parts, bench.responder) };
    this.#obstacles = new Obstacles(parts.fabric, this.#topology, places, this.#drivers, options.probe);
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

  /** Plays one cell. Throws only when interrupted. */
  async cell({ cell, repeat }: PlannedCell, failedBefore: boolean): Promise<CellRecord> {
    const { seed } = this.#options;
    const part = { cell, repeat, canary: false, seed: repeat === 1 ? seed : `${seed}.${repeat}` };
    const name = repeat === 1 ? cellId(cell) : `${cellId(cell)}@${repeat}`;
    return this.#record(
      part,
      failedBefore,
      () => this.#expected(cell),
      async (expected) => {
        const declared = this.#obstacles.declared(cell);
        if (declared === undefined)
          return this.#obstacles.unavailable(cell) ?? this.#twice(part, expected, name);
        if (!this.#options.attemptUnsupported) return unsupportedOutcome(declared);
        return this.#allTheSame(part, declared, name);
      },
    );
  }

  /** Of a cell that peers decline nobody need expect anything: none where the rule table does not. */
  #expected(cell: Cell): readonly Expectation[] {
    try {
      return this.#parts.expect(cell, this.#topology);
    } catch (error) {
      if (this.#obstacles.declared(cell) === undefined) throw error;
      return [];
    }
  }

  /** Plays the cell that must fail, on whatever lab stands. Throws only when interrupted. */
  async canary(): Promise<CellRecord> {
    const cell = canaryBeside(this.#bench.cells[0].cell);
    const part = { cell, repeat: 1, canary: true, seed: `${this.#options.seed}.canary` };
    return this.#record(
      part,
      false,
      () => Array.from({ length: cell.clients }, () => canaryExpectation),
      async (expected) => {
        // Where cells are attempted that peers declare unsupported, their canary may be one of these.
        const declared = this.#options.attemptUnsupported ? undefined : this.#obstacles.declared(cell);
        if (declared !== undefined) return unsupportedOutcome(declared);
        return this.#obstacles.unavailable(cell) ?? (await this.#attempt(part, expected, 'canary')).outcome;
      },
    );
  }

  /** Plays a cell; once more on a fresh lab where it failed on a used one, or by a fault that a peer has by chance. */
  async #twice(part: CellPart, expected: readonly Expectation[], name: string): Promise<Outcome> {
    const { outcome: first, struck } = await this.#attempt(part, expected, name);
    if (struck) {
      this.#report({ event: 'cell-again', cell: cellId(part.cell), why: first.why });
      this.#keeper.spoil();
      return afterRandomFault(first, (await this.#attempt(part, expected, `${name}.again`)).outcome);
    }
    if (first.verdict !== 'fail' || first.lab?.state !== 'reused') return first;
    this.#report({ event: 'cell-again', cell: cellId(part.cell), why: first.why });
    this.#keeper.spoil();
    const { outcome: fresh } = await this.#attempt(part, expected, `${name}.fresh`);
    return afterReuse(first, fresh);
  }

  /**
   * Plays a cell that a peer declares it cannot, in a lab that no other cell had or will have: nobody knows what it
   * leaves behind.
   */
  async #allTheSame(part: CellPart, declared: string, name: string): Promise<Outcome> {
    const expect = (cell: Cell) => this.#parts.expect(cell, this.#topology);
    const noRole = this.#obstacles.withoutRole();
    if (noRole !== undefined) return notAttempted(declared, { verdict: 'unsupported', why: noRole });
    const unavailable = this.#obstacles.unavailable(part.cell);
    if (unavailable) return notAttempted(declared, unavailable);
    try {
      const expected = expect(part.cell);
      const twin = playableTwin(part.cell, { declined: (cell) => this.#obstacles.declared(cell), expect });
      this.#keeper.spoil();
      const { outcome, wasSetUp } = await this.#attempt(part, expected, name);
      return wasSetUp ? unsupportedOutcome(declared, outcome, twin) : notAttempted(declared, outcome);
    } catch (error) {
      this.#signal.throwIfAborted();
      return notAttempted(declared, troubleVerdict([troubleWith('preparing the cell', error)]));
    } finally {
      this.#keeper.spoil();
    }
  }

  /** A record comes of it whatever is thrown, but for an interruption. */
  async #record(
    part: CellPart,
    failedBefore: boolean,
    expected: () => readonly Expectation[],
    play: (expectations: readonly Expectation[]) => Promise<Outcome>,
  ): Promise<CellRecord> {
    const startedAt = new Date();
    const started = performance.now();
    let expectations: readonly Expectation[] = [];
    let outcome: Outcome;
    try {
      expectations = expected();
      outcome = this.#obstacles.unplayable(part.cell) ?? (await play(expectations));
    } catch (error) {
      this.#signal.throwIfAborted();
      outcome = unplayedOutcome(troubleVerdict([troubleWith('preparing the cell', error)]));
    }
    const header: CellHeader = {
      ...part,
      run: this.#recorder.run,
      fabric: this.#parts.fabric.name,
      startedAt,
      expectation: expectations[0],
      disputed: expectations.some(({ disputed }) => disputed),
      host: this.#options.probe.facts,
      versions: this.#options.versions,
      flaky: (failedBefore || outcome.earlier !== undefined) && outcome.verdict === 'pass',
    };
    return cellRecord(header, outcome, performance.now() - started);
  }

  async #attempt(
    { cell, seed }: CellPart,
    expectations: readonly Expectation[],
    name: string,
  ): Promise<{ readonly outcome: Outcome; readonly wasSetUp: boolean; readonly struck: boolean }> {
    const settingsOf = (client: number) => this.#parts.settings(cell, this.#topology, seed, client);
    const first = settingsOf(0);
    const others = Array.from({ length: cell.clients - 1 }, (_, index) => settingsOf(index + 1));
    const standing = await this.#keeper.stand(this.#signal);
    const started = performance.now();
    const cellNumber = ++standing.cells;
    const directory = this.#recorder.cellDirectory(name);
    const attempt = new Attempt(
      this.#parts,
      standing,
      this.#recorder,
      {
        cell,
        settings: [first, ...others],
        directory,
        throughput: this.#options.throughput,
        keys: this.#options.keys,
      },
      this.#signal,
      (step) => this.#report({ event: 'step', cell: cellId(cell), step }),
    );
    const evidence = await attempt.run();
    const judged = this.#judged(expectations, evidence);
    const outcome: Outcome = {
      ...wholeCell(judged),
      lab: { id: standing.lab.id, state: cellNumber === 1 ? 'fresh' : 'reused', cellNumber },
      observed: observed(evidence.clients[0], judged[0]?.judgement),
      ...eachClient(expectations, evidence.clients, judged, attempt.connectMs),
      connectMs: attempt.connectMs[0],
      timerFactor: first.timerFactor,
      versions: standing.versions,
      files: attempt.files,
    };
    await this.#keeper.clean(evidence, this.#signal);
    (evidence.clients.every(({ traffic }) => traffic) ? standing.connectingMs : standing.otherMs).push(
      performance.now() - started,
    );
    return { outcome, wasSetUp: evidence.wasSetUp, struck: this.#isStruck(outcome.verdict, judged) };
  }

  /** Whether a client failed by what one of the peers is known to get wrong by chance. */
  #isStruck(verdict: Verdict, judged: readonly Judged[]): boolean {
    const faults = roles.flatMap((role) => this.#drivers[role].randomFault ?? []);
    return (
      verdict === 'fail' &&
      faults.some(({ stage, reason }) =>
        judged.some(({ judgement }) => judgement?.outcome === `stopped at ${stage}: ${reason}`),
      )
    );
  }

  /** One for each client. The evidence stays in the record even where judging it fails. */
  #judged(expectations: readonly Expectation[], { clients, trouble }: AttemptEvidence): Judged[] {
    const unjudged = (...all: readonly [Trouble, ...Trouble[]]) =>
      clients.map(() => ({ ...troubleVerdict(all), judgement: undefined }));
    const [first, ...more] = trouble;
    if (first) return unjudged(first, ...more);
    try {
      return this.#parts
        .judge(expectations, clients)
        .map((judgement) => ({ verdict: judgement.verdict, why: judgement.why, judgement }));
    } catch (error) {
      return unjudged(troubleWith('judging the evidence', error));
    }
  }
}

const roles = ['client', 'responder'] as const;

/** `outcome` may have evidence of what was in the way. */
function notAttempted(
  declared: string,
  outcome: Pick<Outcome, 'verdict' | 'why'> & Partial<Outcome>,
): Outcome {
  const why = `could not be attempted: ${outcome.why}`;
  return unsupportedOutcome(declared, { ...unplayedOutcome({ ...outcome, why }), ...outcome, why });
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
