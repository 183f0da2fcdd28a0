import { cellId } from '../cell.ts';
import type { FabricProbe } from '../fabric/fabric.ts';
import { networkSettings } from '../network-settings.ts';
import { type CellRecord, worksAfterAll } from '../record.ts';
import type { LabTimes } from '../records/summary.ts';
import type { Topology } from '../topology.ts';
import { BenchRun } from './bench-run.ts';
import { isJudged } from './canary.ts';
import type { Recorder, RunEvent, RunnerParts } from './parts.ts';
import { type Bench, benches, type PlannedCell } from './plan.ts';

export interface RunnerOptions {
  /** Every random choice of the run derives from it. */
  readonly seed: string;
  readonly keep: boolean;
  /** How many labs stand at once. */
  readonly jobs: number;
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

/** Tells what happens, and in which lane: each has one lab at a time, from 0. */
export type LaneReport = (event: RunEvent, lane: number) => void;

/**
 * Runs cells bench by bench, each in a lab of its own, as many labs at once as `jobs` says, and records each cell as
 * it ends. When `signal` aborts, the cells in progress are given up unrecorded, the labs go down, and what had ended
 * is the outcome; likewise when the harness itself fails. Never throws: an outcome is never lost.
 */
export async function runCells(
  parts: RunnerParts,
  recorder: Recorder,
  cells: readonly PlannedCell[],
  options: RunnerOptions,
  signal: AbortSignal,
  report: LaneReport,
): Promise<RunOutcome> {
  const records: CellRecord[] = [];
  const labs: LabTimes[] = [];
  const waiting = new Set(cells);
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal]);
  let started = 0;
  let hasCanary = false;
  let canary: CellRecord | undefined;
  let failure: RunOutcome['failure'];
  const isUnexpected = (record: CellRecord) =>
    !(['pass', 'unsupported'].includes(record.verdict) || record.beyondFabric) || worksAfterAll(record);
  const bailed = () => options.bail && records.some(isUnexpected);
  const fail = (error: unknown) => {
    failure ??= { error };
    ended.abort(error);
  };

  const playCells = async (run: BenchRun, bench: Bench, lane: number) => {
    for (const planned of bench.cells) {
      if (bailed()) return;
      const id = cellId(planned.cell);
      report({ event: 'cell-started', cell: id, number: ++started, of: cells.length }, lane);
      const failedBefore = records.some(({ cell, verdict }) => cell === id && verdict === 'fail');
      const record = await run.cell(planned, failedBefore);
      recorder.append(record);
      records.push(record);
      waiting.delete(planned);
      report({ event: 'cell-ended', record }, lane);
      if (isUnexpected(record)) await options.pause?.(record);
    }
  };
  const playCanary = async (run: BenchRun, bench: Bench, lane: number) => {
    const ids = new Set(bench.cells.map(({ cell }) => cellId(cell)));
    if (hasCanary || !records.some((record) => ids.has(record.cell) && isJudged(record))) return;
    hasCanary = true;
    canary = await run.canary();
    recorder.append(canary);
    report({ event: 'cell-ended', record: canary }, lane);
  };
  const playBench = async (bench: Bench, lane: number) => {
    let run: BenchRun | undefined;
    try {
      run = new BenchRun(parts, recorder, bench, options, over, (event) => report(event, lane));
      await playCells(run, bench, lane);
      await playCanary(run, bench, lane);
      await run.release();
    } catch (error) {
      if (!over.aborted) fail(error);
      await run?.down().catch(fail);
    }
    labs.push(...(run?.labs ?? []));
  };

  const queue = inTurn(benches(cells), options.jobs, parts.loadTopology)[Symbol.iterator]();
  const lanes = Array.from({ length: options.jobs }, async (_, lane) => {
    for (const bench of queue) {
      if (bailed() || over.aborted) return;
      await playBench(bench, lane);
    }
  });
  await Promise.all(lanes);
  return { records, canary, labs, notRun: [...waiting], failure };
}

/** In listed order for one lab at a time; the longest first for several, so that all lanes end together. */
function inTurn(
  all: readonly Bench[],
  jobs: number,
  loadTopology: RunnerParts['loadTopology'],
): readonly Bench[] {
  if (jobs === 1) return all;
  const seconds = (bench: Bench) => {
    const topology = loadTopology(bench.topology);
    return bench.cells.reduce((sum, { cell }) => sum + usualSeconds + idleSeconds(topology, cell.nat), 0);
  };
  return all.toSorted((a, b) => seconds(b) - seconds(a));
}

/** Roughly what a cell takes that waits for nothing. */
const usualSeconds = 2;

function idleSeconds(topology: Topology, nat: string): number {
  try {
    return networkSettings(topology, nat).hold?.idleSeconds ?? 0;
  } catch {
    // What is no setting of the topology is said where the cell is played.
    return 0;
  }
}
