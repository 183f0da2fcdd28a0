import { cellId } from '../cell.ts';
import type { FabricProbe } from '../fabric/fabric.ts';
import { type CellRecord, worksAfterAll } from '../record.ts';
import type { LabTimes } from '../records/summary.ts';
import { BenchRun } from './bench-run.ts';
import { isJudged } from './canary.ts';
import type { Recorder, RunEvent, RunnerParts } from './parts.ts';
import { benches, type PlannedCell } from './plan.ts';

export interface RunnerOptions {
  /** Every random choice of the run derives from it. */
  readonly seed: string;
  readonly keep: boolean;
  /** Stop at the first cell that is neither pass nor rightly declared unsupported. */
  readonly bail: boolean;
  /** Play also what a peer declares that it cannot: a declaration may hide a failure. */
  readonly attemptUnsupported: boolean;
  readonly throughput: boolean;
  /** Resolves when the run may go on after a cell that is not as expected, whose lab stays up until then. */
  readonly pause?: (record: CellRecord) => Promise<void>;
  /** Keep what decrypts the captures: it is secret, and stays out of every record that nobody asked it for. */
  readonly keys: boolean;
  /** What this host gives and lacks. */
  readonly probe: FabricProbe;
  /** Of the harness itself; the lab and the peers add theirs. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface RunOutcome {
  /** In the order in which they ended, without the canary. */
  readonly records: readonly CellRecord[];
  readonly canary: CellRecord | undefined;
  readonly labs: readonly LabTimes[];
  /** Cells that were asked for and did not run. */
  readonly notRun: readonly PlannedCell[];
  /** What ended the run before its time: a record that could not be written, a lab that could not be removed, a bug. */
  readonly failure: { readonly error: unknown } | undefined;
}

/**
 * Runs cells, one after the other, topology by topology, and records each as it ends.
 * When `signal` aborts, the cell in progress is given up unrecorded, the lab goes down, and what had ended is the
 * outcome; likewise when the harness itself fails. Never throws: an outcome is never lost.
 */
export async function runCells(
  parts: RunnerParts,
  recorder: Recorder,
  cells: readonly PlannedCell[],
  options: RunnerOptions,
  signal: AbortSignal,
  report: (event: RunEvent) => void,
): Promise<RunOutcome> {
  const records: CellRecord[] = [];
  const labs: LabTimes[] = [];
  const waiting = new Set(cells);
  let canary: CellRecord | undefined;
  let failure: RunOutcome['failure'];
  const isUnexpected = (record: CellRecord) =>
    !['pass', 'unsupported'].includes(record.verdict) || worksAfterAll(record);
  const bailed = () => options.bail && records.some(isUnexpected);

  for (const bench of benches(cells)) {
    if (bailed() || signal.aborted) break;
    let run: BenchRun | undefined;
    try {
      run = new BenchRun(parts, recorder, bench, options, signal, report);
      for (const planned of bench.cells) {
        if (bailed()) break;
        const id = cellId(planned.cell);
        report({ event: 'cell-started', cell: id, number: records.length + 1, of: cells.length });
        const failedBefore = records.some(({ cell, verdict }) => cell === id && verdict === 'fail');
        const record = await run.cell(planned, failedBefore);
        recorder.append(record);
        records.push(record);
        waiting.delete(planned);
        report({ event: 'cell-ended', record });
        if (isUnexpected(record)) await options.pause?.(record);
      }
      if (!canary && records.some(isJudged)) {
        canary = await run.canary();
        recorder.append(canary);
        report({ event: 'cell-ended', record: canary });
      }
      await run.release();
    } catch (error) {
      if (!signal.aborted) failure = { error };
      await run?.down().catch((cause) => {
        failure ??= { error: cause };
      });
    }
    labs.push(...(run?.labs ?? []));
    if (failure) break;
  }
  return { records, canary, labs, notRun: [...waiting], failure };
}
