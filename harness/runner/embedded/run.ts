import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cellId } from '../../cell.ts';
import { type CellRecord, worksAfterAll } from '../../record.ts';
import { canaryBeside, canaryExpectation, isJudged } from '../canary.ts';
import type { Recorder, RunEvent } from '../parts.ts';
import type { PlannedCell } from '../plan.ts';
import type { RunnerOptions, RunOutcome } from '../runner.ts';
import { type EmbeddedRunFrame, nameOf, type PlayedCell, playCanary } from './cell-player.ts';
import type { WorkerReply, WorkerRequest } from './worker.ts';

/** Enough that a worker has something to do while its records are written, and few enough that all end together. */
const cellsAtOnce = 10;
/** A run of so many cells keeps every capture; one of more those alone that are not as expected. */
const mostWithCaptures = 200;

export interface EmbeddedRunOptions extends Pick<RunnerOptions, 'seed' | 'bail' | 'versions' | 'probe'> {
  /** Version of our stack. */
  readonly stack: string;
}

/**
 * Runs cells in this process and its worker threads, and records each, in the order of the list. The same outcome as
 * `runCells` gives of containers. Never throws: what had ended when `signal` aborts, or when the harness fails, is
 * the outcome.
 */
export async function runEmbedded(
  recorder: Recorder & { writeBytes(relative: string, bytes: Uint8Array): void },
  cells: readonly PlannedCell[],
  options: EmbeddedRunOptions,
  signal: AbortSignal,
  report: (event: RunEvent) => void,
): Promise<RunOutcome> {
  const { seed, versions, probe, stack, bail } = options;
  const frame: EmbeddedRunFrame = { run: recorder.run, seed, host: probe.facts, versions, stack };
  const records: CellRecord[] = [];
  /** Played before their turn. */
  const early = new Map<number, PlayedCell>();
  let failure: RunOutcome['failure'];
  const keepsAll = cells.length <= mostWithCaptures;
  const isOver = () => signal.aborted || failure !== undefined || (bail && records.some(isUnexpected));

  const record = (played: PlayedCell, name: string) => {
    const { captures } = played;
    const kept = keepsAll || isUnexpected(played.record) ? captures : {};
    const files = { ...played.record.files, captures: written(recorder, name, kept) };
    const whole = { ...played.record, files };
    recorder.append(whole);
    report({ event: 'cell-ended', record: whole });
    return whole;
  };
  /** Everything whose turn has come. */
  const settle = () => {
    for (let next = early.get(records.length); next && !isOver(); next = early.get(records.length)) {
      const planned = cells[records.length];
      early.delete(records.length);
      records.push(record(next, planned ? nameOf(planned) : ''));
    }
  };

  try {
    await inWorkers(frame, cells, isOver, signal, ([place, played]) => {
      early.set(place, played);
      settle();
    });
  } catch (error) {
    if (!signal.aborted) failure = { error };
  }
  const judged = records.find(isJudged);
  const beside = cells.find(({ cell }) => cellId(cell) === judged?.cell);
  let canary: CellRecord | undefined;
  if (beside && !signal.aborted && !failure) {
    canary = record(playCanary(frame, canaryBeside(beside.cell), canaryExpectation), 'canary');
  }
  return { records, canary, labs: [], notRun: cells.slice(records.length), failure };
}

function isUnexpected(record: CellRecord): boolean {
  return !['pass', 'unsupported', 'unavailable'].includes(record.verdict) || worksAfterAll(record);
}

/** Writes captures into the cell's directory; gives their paths for the record. */
function written(
  recorder: Recorder & { writeBytes(relative: string, bytes: Uint8Array): void },
  name: string,
  captures: PlayedCell['captures'],
): CellRecord['files']['captures'] {
  const all = Object.entries(captures);
  if (all.length === 0) return {};
  const directory = recorder.cellDirectory(name);
  return Object.fromEntries(
    all.map(([segment, bytes]) => {
      const file = `${directory}/${segment}.pcap`;
      recorder.writeBytes(file, bytes);
      return [segment, file];
    }),
  );
}

/** Shares the cells out among worker threads, a few at a time; rejects when one of them dies. */
async function inWorkers(
  frame: EmbeddedRunFrame,
  cells: readonly PlannedCell[],
  isOver: () => boolean,
  signal: AbortSignal,
  reply: (reply: WorkerReply) => void,
): Promise<void> {
  let next = 0;
  const take = (): WorkerRequest => {
    if (isOver()) return [];
    const from = next;
    next = Math.min(cells.length, next + cellsAtOnce);
    return cells.slice(from, next).map((planned, index) => [from + index, planned] as const);
  };
  const count = Math.min(availableParallelism(), Math.ceil(cells.length / cellsAtOnce));
  const workers = Array.from({ length: count }, () => new Worker(program, { workerData: frame }));
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let open = 0;
      const feed = () => {
        const request = take();
        open = request.length;
        if (open === 0) resolve();
        else worker.postMessage(request);
      };
      worker.on('message', (message: WorkerReply) => {
        try {
          reply(message);
        } catch (error) {
          reject(error);
        }
        open -= 1;
        if (open === 0) feed();
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
