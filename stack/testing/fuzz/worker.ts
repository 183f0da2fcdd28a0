import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import type { Assignment, Outcome } from './fuzz.ts';
import type { Target } from './target.ts';
import { longestWatched, watchedHeader } from './watched.ts';

/** What a worker thread is given when it starts. */
export interface WorkerStart {
  /** See `watched.ts`. */
  readonly watched: SharedArrayBuffer;
  /** Watches what code is reached. */
  readonly guided: boolean;
  /** URL of the module that has the `targets`. */
  readonly module: string;
}

/** What it tells of each assignment. */
export interface WorkerReply {
  readonly outcome: Outcome;
  /** Blocks of the stack that ran since this thread began; 0 where nobody watches. */
  readonly blocks: number;
  readonly heldOctets: number;
}

const { watched, guided, module }: WorkerStart = workerData;
// Before any code that it is to see: what V8 compiled earlier has no counters.
const coverage = guided ? new Coverage() : undefined;
const { fuzz } = await import('./fuzz.ts');
const { targets }: { targets: readonly Target[] } = await import(module);
const { heldOctets } = await import('./memory.ts');

const [count, length, octets] = [
  new Int32Array(watched, 0, 1),
  new Int32Array(watched, 4, 2),
  new Uint8Array(watched, watchedHeader, longestWatched),
];

parentPort?.on('message', (assignment: Assignment) => {
  const target = targets.find(({ name }) => name === assignment.target);
  if (target === undefined) throw new RangeError(`no target ${assignment.target}`);
  const before = (input: Uint8Array) => {
    octets.set(input.subarray(0, longestWatched));
    length[0] = input.length;
    Atomics.add(count, 0, 1);
  };
  const watch = { before, isOver: () => length[1] !== 0 };
  const outcome = fuzz(target, assignment, watch, coverage);
  const reply: WorkerReply = { outcome, blocks: coverage?.blocks ?? 0, heldOctets: heldOctets() };
  parentPort?.postMessage(reply);
});
parentPort?.postMessage('ready');
