import { parentPort, workerData } from 'node:worker_threads';
import type { PlannedCell } from '../plan.ts';
import { type EmbeddedRunFrame, type PlayedCell, playCell } from './cell-player.ts';

/** What a worker is told: these cells, by their places in the run. */
export type WorkerRequest = readonly (readonly [number, PlannedCell])[];
/** What it tells back, cell by cell. */
export type WorkerReply = readonly [number, PlayedCell];

/** Plays the cells that it is sent, one after the other; it has no state but caches of files. */
const frame: EmbeddedRunFrame = workerData;
parentPort?.on('message', (request: WorkerRequest) => {
  for (const [place, planned] of request) {
    const reply: WorkerReply = [place, playCell(frame, planned)];
    parentPort?.postMessage(reply);
  }
});
