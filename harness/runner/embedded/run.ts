import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cellId } from '../../cell.ts';
import type { CellRecord } from '../../record.ts';
import { canaryBeside, canaryExpectation, isJudged } from '../canary.ts';
import type { Recorder, RunEvent } from '../parts.ts';
import type { PlannedCell } from '../plan.ts';
import type { RunnerOptions, RunOutcome } from '../runner.ts';
import { type EmbeddedRunFrame, nameOf, playCanary } from './cell-player.ts';
import { type CellReport, isUnexpected, type Keeping, reportOf } from './report.ts';
import type { WorkerData, WorkerReply, WorkerRequest } from './worker.ts';

/** What a worker is given at once, at most: enough that writing records costs little beside playing cells. */
const mostAtOnce = 20;
/** Requests that a worker has at once: it plays the next while the records of the last go to the disk. */
const mostAhead = 2;
/** So often at least each worker asks for more, so that all end together. */
const leastTurns = 8;
/** A worker takes as long to start as it does to play so many cells. */
const leastForWorker = 10;
/**
 * Of each worker's heap. What lives in one takes some 50 MB, however many cells it has played, and V8 lets dead objects
 * stand beside it as long as there is room. With 192 MB it collected so often that cells of five clients took half as
 * long again; more than this makes nothing faster.
 */
const resourceLimits = { maxOldGenerationSizeMb: 512 };
/** A run of so many cells keeps every capture. */
const mostWithCaptures = 200;
/** A run of so many cells keeps its records in memory. */
const mostWhole = 1000;

export interface EmbeddedRunOptions extends Pick<RunnerOptions, 'seed' | 'bail' | 'versions' | 'probe'> {
  /** Version of our stack. */
  readonly stack: string;
}

/** What writes the records of an embedded run. */
export interface EmbeddedRecorder extends Pick<Recorder, 'run' | 'cellDirectory'> {
  writeBytes(relative: string, bytes: Uint8Array): void;
  /** Lines of `results.jsonl`, checked before; they are safe when this returns. */
  appendLines(lines: readonly string[]): void;
}

/**
 * Runs cells in worker threads of this process, and records each, in the order of the list. The same outcome as
 * `runCells` gives of containers, but that the records of a large run are lean in memory (`Keeping`). Never throws:
 * what had ended when `signal` aborts, or when the harness fails, is the outcome.
 */
export async function runEmbedded(
  recorder: EmbeddedRecorder,
  cells: readonly PlannedCell[],
  options: EmbeddedRunOptions,
  signal: AbortSignal,
  report: (event: RunEvent) => void,
): Promise<RunOutcome> {
  const { seed, versions, probe, stack, bail } = options;
  const frame: EmbeddedRunFrame = { run: recorder.run, seed, host: probe.facts, versions, stack };
  const keeping: Keeping = {
    allCaptures: cells.length <= mostWithCaptures,
    wholeRecords: cells.length <= mostWhole,
  };
  const records: CellRecord[] = [];
  /** Played before their turn, by the place of the first. */
  const early = new Map<number, WorkerReply>();
  let failure: RunOutcome['failure'];
  let bailed = false;
  const isOver = () => signal.aborted || failure !== undefined || bailed;

  const record = (reports: readonly CellReport[], names: readonly string[]) => {
    for (const [index, { files }] of reports.entries()) {
      const all = Object.entries(files);
      if (all.length > 0) recorder.cellDirectory(names[index] ?? '');
      for (const [file, bytes] of all) recorder.writeBytes(file, bytes);
    }
    recorder.appendLines(reports.map(({ line }) => line));
    for (const each of reports) report({ event: 'cell-ended', record: each.record });
  };
  /** Everything whose turn has come. */
  const settle = () => {
    for (let next = early.get(records.length); next && !isOver(); next = early.get(records.length)) {
      early.delete(records.length);
      const bailsAt = bail ? next.findIndex((each) => isUnexpected(each.record)) : -1;
      const due = bailsAt === -1 ? next : next.slice(0, bailsAt + 1);
      const planned = cells.slice(records.length, records.length + due.length);
      record(due, planned.map(nameOf));
      // With the list's own words: those that came from the worker would stay beside them, for each cell anew.
      records.push(...due.map((each, index) => ({ ...each.record, axes: { ...planned[index]?.cell } })));
      bailed = bailsAt !== -1;
    }
  };

  try {
    await inWorkers({ frame, keeping }, cells, isOver, signal, (from, reply) => {
      early.set(from, reply);
      settle();
    });
  } catch (error) {
    if (!signal.aborted) failure = { error };
  }
  const judged = records.find(isJudged);
  const beside = cells.find(({ cell }) => cellId(cell) === judged?.cell);
  let canary: CellRecord | undefined;
  if (beside && !signal.aborted && !failure) {
    const played = playCanary(frame, canaryBeside(beside.cell), canaryExpectation);
    const reported = reportOf(played, 'canary', { allCaptures: true, wholeRecords: true });
    canary = reported.record;
    record([reported], ['canary']);
  }
  return { records, canary, labs: [], notRun: cells.slice(records.length), failure };
}

/** Shares the cells out among worker threads, a few at a time; rejects when one of them dies. */
async function inWorkers(
  workerData: WorkerData,
  cells: readonly PlannedCell[],
  isOver: () => boolean,
  signal: AbortSignal,
  take: (from: number, reply: WorkerReply) => void,
): Promise<void> {
  let next = 0;
  const count = Math.min(availableParallelism(), Math.ceil(cells.length / leastForWorker));
  const cellsAtOnce = Math.min(mostAtOnce, Math.ceil(cells.length / (count * leastTurns)));
  const workers = Array.from({ length: count }, () => new Worker(program, { workerData, resourceLimits }));
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      /** Where each request begins that it has not answered. */
      const asked: number[] = [];
      const feed = () => {
        while (asked.length < mostAhead && next < cells.length && !isOver()) {
          const request: WorkerRequest = cells.slice(next, next + cellsAtOnce);
          asked.push(next);
          next += request.length;
          worker.postMessage(request);
        }
        if (asked.length === 0 || isOver()) resolve();
      };
      worker.on('message', (reply: WorkerReply) => {
        try {
          take(asked.shift() ?? 0, reply);
        } catch (error) {
          reject(error);
        }
        feed();
      });
      worker.once('error', reject);
      signal.addEventListener('abort', () => resolve(), { once: true });
      feed();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** `.ts` in a checkout, `.js` in an installed package. */
const program = new URL(`worker${extname(import.meta.filename)}`, import.meta.url);
