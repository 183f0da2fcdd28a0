import { resolve } from 'node:path';
import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import { agreementOf } from '../agreement/agreement.ts';
import type { FabricProbe } from '../fabric/fabric.ts';
import { RunDirectory } from '../records/run-directory.ts';
import type { UnitCounts } from '../records/summary.ts';
import { canaryComplaint } from '../runner/canary.ts';
import type { RunEvent } from '../runner/parts.ts';
import type { PlannedCell } from '../runner/plan.ts';
import type { RunOutcome } from '../runner/runner.ts';
import { loadTopology } from '../topologies.ts';
import { disagreementTexts } from './agreement-text.ts';
import { attemptTexts } from './attempt-text.ts';
import { CellTests } from './cell-tests.ts';
import { errorText } from './error-text.ts';
import { exitStatus } from './exit-status.ts';
import { failureSummary, failureSummaryTexts } from './failure-summary.ts';
import { Interruption } from './interrupt.ts';
import { keptText } from './kept.ts';
import { liveProgress } from './live.ts';
import type { TestOptions } from './options.ts';
import { runSummary } from './run-summary.ts';
import { hasFilter } from './select.ts';
import { harnessVersions, openSession, type Session } from './session.ts';
import type { ListedCell } from './suites.ts';
import { counted, failureTexts, resultTable, tierText, totalsText } from './summary-text.ts';
import { runUnits } from './units.ts';
import { projectRoot } from './vitest.ts';

/** One run of cells from the command line, from its first line to its exit status. */
export class TestRun {
  readonly #options: TestOptions;
  readonly #cells: readonly PlannedCell[];
  readonly #beyond: readonly ListedCell[];
  readonly #command: string;
  /** For people; with `--json` standard output belongs to the document. */
  readonly #output: WriteStream;
  readonly #startedAt = new Date();

  /**
   * @param cells in run order
   * @param beyond what the same filter would select of higher tiers
   * @param command what was typed
   */
  constructor(
    options: TestOptions,
    cells: readonly PlannedCell[],
    beyond: readonly ListedCell[],
    command: string,
  ) {
    this.#options = options;
    this.#cells = cells;
    this.#beyond = beyond;
    this.#command = command;
    this.#output = options.json ? process.stderr : process.stdout;
  }

  async run(): Promise<number> {
    using interruption = new Interruption((text) => this.#say(text));
    const { signal } = interruption;
    const session = await openSession(this.#options.fabric, (text) => this.#note(text));
    try {
      const records = new RunDirectory(resolve(projectRoot, this.#options.results), session.run);
      try {
        const probe = await session.probe(signal);
        this.#sayWhatComes(probe);
        const units = await this.#runUnits(probe, signal);
        const outcome = await this.#play(session, records, probe, signal);
        return this.#conclude(session, records, outcome, units, signal.aborted);
      } finally {
        records.close();
      }
    } finally {
      await session.end();
    }
  }

  #sayWhatComes({ fabric, facts, lacks }: FabricProbe): void {
    const topologies = [...new Set(this.#cells.map(({ cell }) => cell.topology))].join(', ');
    const where =
      fabric === 'embedded' ? ', embedded' : facts.engine === undefined ? '' : `, ${facts.engine}`;
    const plan = `${counted(this.#cells.length, 'cell')} in ${topologies}${where}, seed ${this.#options.seed}`;
    const missing = lacks.map(({ what, remedy }) => `${what}. ${remedy}`);
    if (missing.length > 0) this.#say(pc.yellow(`Cells are unavailable here: ${missing.join('; ')}.`));
    this.#say(plan);
  }

  /** The project's own tests, where no filter asks for cells alone. */
  async #runUnits({ fabric, lacks }: FabricProbe, signal: AbortSignal): Promise<UnitCounts | undefined> {
    if (hasFilter(this.#options.filter) || signal.aborted) return undefined;
    return runUnits(fabric === 'docker' && lacks.length === 0, this.#output, signal);
  }

  /** Runs the cells and, beside them, the tests that wait for their records. */
  async #play(
    session: Session,
    records: RunDirectory,
    probe: FabricProbe,
    signal: AbortSignal,
  ): Promise<RunOutcome> {
    const { seed, keep, bail, throughput, keys, attemptUnsupported } = this.#options;
    const options = {
      seed,
      keep,
      bail,
      throughput,
      keys,
      attemptUnsupported,
      probe,
      versions: await harnessVersions(),
    };
    const live = liveProgress(this.#output);
    this.#note = (text) => live.onEvent({ event: 'note', text });
    const tests = new CellTests(session.run, this.#cells);
    const report = (event: RunEvent) => {
      live.onEvent(event);
      tests.onEvent(event);
    };
    const asserted = tests.run(signal).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const outcome = await session.play(records, this.#cells, options, signal, report);
    tests.endWith(signal.aborted ? 'interrupted' : 'the run ended before this cell');
    const failed = await asserted;
    live.end();
    return { ...outcome, failure: outcome.failure ?? failed };
  }

  /** Says and writes how it went; gives the exit status. */
  #conclude(
    session: Session,
    records: RunDirectory,
    outcome: RunOutcome,
    units: UnitCounts | undefined,
    interrupted: boolean,
  ): number {
    const { records: played, canary, failure, labs } = outcome;
    const { filter, tier } = this.#options;
    const untrusted = canaryComplaint(played, canary);
    const agreement = agreementOf(played, records.path);
    const status = exitStatus({
      records: played,
      units,
      disagreements: agreement.disagreements.length,
      interrupted,
      complaint: failure ? 'the harness failed' : untrusted,
      allowUnavailable: this.#options.allowUnavailable || session.foreignMayWait,
    });
    const frame = {
      run: records.run,
      command: this.#command,
      startedAt: this.#startedAt,
      exitStatus: status,
      agreement: agreement.compared > 0 ? agreement : undefined,
    };
    const durationMs = Date.now() - this.#startedAt.getTime();
    const failures = failureSummary(played, loadTopology);
    const summary = runSummary({ ...frame, durationMs, interrupted }, outcome, units, failures);
    const lines = [
      ...(played.length > 0 ? [resultTable(played)] : []),
      ...failureTexts(played),
      ...failureSummaryTexts(failures),
      ...attemptTexts(played),
      ...disagreementTexts(agreement),
      ...totalsText(summary, records.path),
      ...(filter.cell === undefined ? [tierText(tier, this.#beyond)] : []),
      ...(untrusted === undefined || interrupted ? [] : [pc.red(`This run is broken: ${untrusted}.`)]),
      ...(failure ? [errorText(failure.error)] : []),
      ...keptText(labs, loadTopology),
    ];
    for (const line of lines) this.#say(line);
    if (this.#options.json) {
      process.stdout.write(`${JSON.stringify({ summary, records: played, canary }, null, 2)}\n`);
    }
    records.writeSummary(summary);
    return status;
  }

  #say(text: string): void {
    this.#output.write(`${text}\n`);
  }

  /** What the fabric tells of slow work; goes to the moving line once there is one. */
  #note = (text: string): void => this.#say(pc.dim(text));
}
