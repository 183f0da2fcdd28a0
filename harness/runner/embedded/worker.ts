import { parentPort, workerData } from 'node:worker_threads';
import type { PlannedCell } from '../plan.ts';
import { type EmbeddedRunFrame, nameOf, playCell } from './cell-player.ts';
import { type CellReport, type Keeping, reportOf } from './report.ts';

/** What all cells of a run have in common. */
export interface WorkerData {
  readonly frame: EmbeddedRunFrame;
  readonly keeping: Keeping;
}

/** What a worker is told: to play these cells. */
export type WorkerRequest = readonly PlannedCell[];
/** What it tells back when it has: their reports, in their order. */
export type WorkerReply = readonly CellReport[];

/** Plays the cells that it is sent, one after the other; it has no state but caches of files. */
const { frame, keeping }: WorkerData = workerData;
parentPort?.on('message', (request: WorkerRequest) => {
  const reply: WorkerReply = request.map((planned) =>
    reportOf(playCell(frame, planned), nameOf(planned), keeping),
  );
  parentPort?.postMessage(
    reply,
    reply.flatMap(({ files }) => Object.values(files).map(({ buffer }) => buffer as ArrayBuffer)),
  );
});
