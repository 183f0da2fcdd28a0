import { dirname, resolve } from 'node:path';
import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import { agreementOf } from '../agreement/agreement.ts';
import { cellId } from '../cell.ts';
import type { FabricProbe } from '../fabric/fabric.ts';
import { briefProofBytes, usualProofBytes } from '../measure/traffic.ts';
import { listLabs, type StandingLab } from '../reaper/labs.ts';
import type { CellRecord } from '../record.ts';
import { RunDirectory } from '../records/run-directory.ts';
import { type PlannedId, plannedName, type RunPlan, runPlanFile } from '../records/run-plan.ts';
import type { UnitCounts } from '../records/summary.ts';
import { canaryComplaint } from '../runner/canary.ts';
import type { RunEvent } from '../runner/parts.ts';
import type { PlannedCell } from '../runner/plan.ts';
import type { RunOutcome } from '../runner/runner.ts';
import { loadTopology } from '../topologies.ts';
import { disagreementTexts } from './agreement-text.ts';
import { attemptTexts } from './attempt-text.ts';
import { CellTests } from './cell-tests.ts';
import { checkoutName } from './checkout.ts';
import type { EarlierRun } from './earlier-run.ts';
import { errorText } from './error-text.ts';
import { exitStatus, whyBroken } from './exit-status.ts';
import { failureTexts } from './failing-cells.ts';
import { failureSummary, failureSummaryTexts } from './failure-summary.ts';
import { Interruption } from './interrupt.ts';
import { isKept, keptText } from './kept.ts';
import { largeRunProgress } from './large-run.ts';
import { type Live, liveProgress } from './live.ts';
import { checkTerminal, enterOr, pausedTexts } from './pause.ts';
import { runSummary } from './run-summary.ts';
import { hasFilter } from './select.ts';
import { harnessVersions, openSession, type Session } from './session.ts';
import type { ListedCell } from './suites.ts';
import {
  counted,
  labTimesTexts,
  resultTable,
  tierText,
  totalsText,
  unavailableTexts,
} from './summary-text.ts';
import { testFailureTexts } from './test-failures.ts';
import { containersAskedFor, type TestOptions } from './test-options.ts';
import { runUnits } from './units.ts';
import { projectRoot } from './vitest.ts';

/** What a run plays. */
export interface RunCells {
  /** In run order. */
  readonly cells: readonly PlannedCell[];
  /** What all shards of the run play together. */
  readonly selection: RunPlan['selection'];
  /** What the same filter would select of higher tiers. */
  readonly beyond: readonly ListedCell[];
  /** What was typed. */
  readonly command: string;
  /** The run that was interrupted, whose open cells these are. */
  readonly earlier?: EarlierRun;
}

/** As a plan names it. */
export function plannedId({ cell, repeat }: PlannedCell): PlannedId {
  return { cell: cellId(cell), repeat };
}

/** A run of so many cells shows what it plays by numbers, and only what is not as expected by name. */
const mostShown = 300;

/** One run of cells from the command line, from its first line to its exit status. */
export class TestRun {
  readonly #options: TestOptions;
  readonly #run: RunCells;
  /** For people; with `--json` standard output belongs to the document. */
  readonly #output: WriteStream;
  readonly #startedAt = new Date();

  constructor(options: TestOptions, run: RunCells) {
    this.#options = options;
    this.#run = run;
    this.#output = options.json ? process.stderr : process.stdout;
  }

  async run(): Promise<number> {
    if (this.#options.pause) checkTerminal(process.stdin);
    using interruption = new Interruption((text) => this.#say(text));
    const { signal } = interruption;
    const session = await openSession(this.#options.fabric, (text) => this.#note(text));
    try {
      const records = this.#recordsOf(session);
      try {
        const probe = await session.probe(signal);
        await this.#writePlan(records, probe, this.#allowsUnavailable(session));
        this.#sayWhatComes(probe);
        const units = await this.#runUnits(probe, signal);
        const outcome = await this.#play(session, records, probe, signal);
        const standing = outcome.labs.some(isKept) ? await standingLabs() : [];
        return this.#conclude(session, records, outcome, standing, units, signal.aborted);
      } finally {
        records.close();
      }
    } finally {
      await session.end();
    }
  }

  /** A run that is resumed goes on in its own directory. */
  #recordsOf(session: Session): RunDirectory {
    const { earlier } = this.#run;
    if (earlier) return new RunDirectory(earlier.results, earlier.run, 'resumed');
    return new RunDirectory(resolve(projectRoot, this.#options.results), session.run);
  }

  #allowsUnavailable(session: Session): boolean {
    const asBefore = this.#run.earlier?.plan.allowUnavailable ?? false;
    return this.#options.allowUnavailable || session.foreignMayWait || asBefore;
  }

  async #writePlan(records: RunDirectory, { fabric }: FabricProbe, allowUnavailable: boolean): Promise<void> {
    if (this.#run.earlier) return;
    const { seed, shard } = this.#options;
    const plan: RunPlan = {
      schema: 1,
      command: this.#run.command,
      checkout: await checkoutName(),
      fabric,
      seed,
      ...(allowUnavailable && { allowUnavailable }),
      selection: this.#run.selection,
      ...(shard && { shard }),
      cells: this.#run.cells.map(plannedId),
    };
    records.writeFile(runPlanFile, `${JSON.stringify(plan)}\n`);
  }

  #sayWhatComes({ fabric, facts, lacks }: FabricProbe): void {
    const { cells, earlier } = this.#run;
    const { shard, seed, jobs } = this.#options;
    const topologies = [...new Set(cells.map(({ cell }) => cell.topology))].join(', ');
    const where =
      fabric === 'embedded' ? ', embedded' : facts.engine === undefined ? '' : `, ${facts.engine}`;
    const part = shard ? `, shard ${shard.index} of ${shard.of} (${this.#run.selection.cells} in all)` : '';
    const atOnce = jobs > 1 && fabric !== 'embedded' ? `, ${jobs} labs at once` : '';
    const left = earlier ? ` left of ${earlier.plan.cells.length} of ${earlier.run}` : '';
    const plan = `${counted(cells.length, 'cell')}${left} in ${topologies}${where}${part}${atOnce}, seed ${seed}`;
    const missing = lacks.map(({ what, remedy }) => `${what}. ${remedy}`);
    if (missing.length > 0) this.#say(pc.yellow(`Cells are unavailable here: ${missing.join('; ')}.`));
    const idle = fabric === 'embedded' ? containersAskedFor(this.#options) : [];
    if (idle.length > 0) this.#say(pc.yellow(`Without containers nothing comes of ${idle.join(', ')}.`));
    this.#say(cells.length === 0 ? `Nothing but the end is left of ${earlier?.run}` : plan);
  }

  /** The project's own tests, where no filter asks for cells alone. */
  async #runUnits({ fabric, lacks }: FabricProbe, signal: AbortSignal): Promise<UnitCounts | undefined> {
    const { filter, cover, lastFailed, shard, resume } = this.#options;
    const isSelection = cover !== undefined || lastFailed || shard !== undefined || resume !== undefined;
    if (hasFilter(filter) || isSelection || signal.aborted) return undefined;
    return runUnits(fabric === 'docker' && lacks.length === 0, this.#output, signal);
  }

  /** Runs the cells and, beside them, the tests that wait for their records. */
  async #play(
    session: Session,
    records: RunDirectory,
    probe: FabricProbe,
    signal: AbortSignal,
  ): Promise<RunOutcome> {
    const { seed, keep, jobs, bail, pause, throughput, keys, attemptUnsupported } = this.#options;
    const { cells, earlier } = this.#run;
    const isLarge = cells.length > mostShown;
    const live = isLarge ? largeRunProgress(this.#output, cells.length) : liveProgress(this.#output);
    this.#note = (text) => live.onEvent({ event: 'note', text });
    const options = {
      seed,
      keep,
      jobs,
      bail,
      throughput,
      keys,
      attemptUnsupported,
      probe: beside(jobs, probe),
      proofBytes: this.#options.cover === undefined ? usualProofBytes : briefProofBytes,
      versions: await harnessVersions(),
      ...(pause && { pause: (record: CellRecord) => pauseAfter(record, live, signal) }),
    };
    // What is played in worker threads and by the thousand goes straight through the runner, nothing needs no test, and
    // no test waits as long as a person may.
    const isWithoutTests = cells.length === 0 || pause || (isLarge && probe.fabric === 'embedded');
    const tests = isWithoutTests ? undefined : new CellTests(session.run, cells);
    const report = (event: RunEvent, lane = 0) => {
      live.onEvent(event, lane);
      tests?.onEvent(event);
    };
    const asserted = tests?.run(signal).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const outcome = await session.play(records, cells, options, signal, report);
    tests?.endWith(signal.aborted ? 'interrupted' : 'the run ended before this cell');
    const failed = await asserted;
    live.end();
    return withEarlier({ ...outcome, failure: outcome.failure ?? failed }, earlier?.records ?? []);
  }

  /** Says and writes how it went; gives the exit status. */
  #conclude(
    session: Session,
    records: RunDirectory,
    outcome: RunOutcome,
    standing: readonly StandingLab[],
    units: UnitCounts | undefined,
    interrupted: boolean,
  ): number {
    const { records: played, canary, failure, labs } = outcome;
    const { filter, tier, cover, lastFailed, resume } = this.#options;
    const isOfSuites = cover === undefined && !lastFailed && resume === undefined;
    const untrusted = canaryComplaint(played, canary);
    // Captures of an earlier run that this one goes on with are elsewhere.
    const own = played.filter(({ run }) => run === records.run);
    const agreement = agreementOf(own, records.path);
    const result = {
      records: played,
      units,
      disagreements: agreement.disagreements.length,
      interrupted,
      complaint: failure ? 'the harness failed' : untrusted,
      allowUnavailable: this.#allowsUnavailable(session),
    };
    const status = exitStatus(result);
    const broken = whyBroken(result);
    const frame = {
      run: records.run,
      command: this.#run.command,
      startedAt: this.#startedAt,
      exitStatus: status,
      agreement: agreement.compared > 0 ? agreement : undefined,
    };
    const durationMs = Date.now() - this.#startedAt.getTime();
    const failures = failureSummary(played, loadTopology);
    const summary = runSummary({ ...frame, durationMs, interrupted }, outcome, units, failures);
    const lines = [
      ...(played.length > 0 && played.length <= mostShown ? [resultTable(played)] : []),
      ...labTimesTexts(summary),
      ...unavailableTexts(played),
      ...failureTexts(played, dirname(records.path)),
      ...failureSummaryTexts(failures),
      ...attemptTexts(played),
      ...disagreementTexts(agreement),
      ...totalsText(summary, records.path),
      ...(filter.cell === undefined && isOfSuites ? [tierText(tier, this.#run.beyond)] : []),
      ...(untrusted === undefined || interrupted ? [] : [pc.red(`This run is broken: ${untrusted}.`)]),
      ...(broken === undefined ? [] : [pc.yellow(`Exit status ${status}: ${broken}.`)]),
      ...(failure ? [errorText(failure.error)] : []),
      ...keptText(labs, standing, loadTopology),
      ...testFailureTexts(units),
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

/** Waits for Enter, with the lab of this cell up. Interrupting ends the wait with the run. */
async function pauseAfter(record: CellRecord, live: Live, signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  if (stdin.readableEnded) return;
  live.hold(pausedTexts(record, await listLabs(projectRoot)));
  await enterOr(signal, stdin);
}

/** An engine that went away has none to enter, and must not cost the run its end. */
function standingLabs(): Promise<readonly StandingLab[]> {
  return listLabs(projectRoot).catch(() => []);
}

/** Times of a cell are not those of a quiet machine where other labs stood beside its own: each record says so. */
function beside(jobs: number, probe: FabricProbe): FabricProbe {
  if (jobs === 1 || probe.fabric === 'embedded') return probe;
  return { ...probe, facts: { ...probe.facts, labsAtOnce: String(jobs) } };
}

/** The whole of a run that was resumed: of each cell its last record, and the last canary that there was. */
function withEarlier(outcome: RunOutcome, earlier: readonly CellRecord[]): RunOutcome {
  if (earlier.length === 0) return outcome;
  const cells = [...earlier.filter(({ canary }) => !canary), ...outcome.records];
  const records = [...new Map(cells.map((record) => [plannedName(record), record])).values()];
  return { ...outcome, records, canary: outcome.canary ?? earlier.findLast(({ canary }) => canary) };
}
