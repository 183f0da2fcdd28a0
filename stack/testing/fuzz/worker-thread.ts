import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Assignment, Finding } from './fuzz.ts';
import { Watched } from './watched.ts';
import type { WorkerReply, WorkerStart } from './worker.ts';

/** An input on which a worker stays for so long does not end, whatever else the machine does. */
const hangMs = 20_000;
const lookMs = 500;

/** Where the targets of the stack are. */
export const stackTargets = new URL('./targets.ts', import.meta.url).href;

/** A thread that fuzzes; one that hangs or dies is a finding, and another takes its place. */
export class WorkerThread {
  readonly #module: string;
  readonly #guided: boolean;
  readonly #over: AbortSignal;
  readonly #hangMs: number;
  #running: { readonly worker: Worker; readonly watched: Watched } | undefined;

  /** @param over has the thread stop after its newest input. @param limitMs see `hangMs`; tests have no such patience */
  constructor(module: string, guided: boolean, over: AbortSignal, limitMs = hangMs) {
    this.#module = module;
    this.#guided = guided;
    this.#over = over;
    this.#hangMs = limitMs;
    over.addEventListener('abort', () => this.#running?.watched.stop());
  }

  async do(assignment: Assignment): Promise<WorkerReply> {
    const { worker, watched } = await this.#thread();
    const begun = watched.begun;
    worker.postMessage(assignment);
    const ended = new AbortController();
    // Rejects when the thread dies.
    const answered = once(worker, 'message', { signal: ended.signal }).then(
      ([reply]): WorkerReply => reply,
      (error: unknown) => `the thread died: ${error}`,
    );
    const left = new Promise<string>((resolve) => {
      worker.once('exit', (code) => resolve(`the thread ended with ${code}`));
      ended.signal.addEventListener('abort', () => worker.removeAllListeners('exit'));
    });
    const hung = hangs(watched, this.#hangMs, ended.signal);
    try {
      const outcome = await Promise.race([answered, left, hung]);
      if (typeof outcome !== 'string') return outcome;
      await this.end();
      const finding: Finding = {
        target: assignment.target,
        fault: outcome === 'hangs' ? 'hangs' : 'throws',
        message:
          outcome === 'hangs' ? `an input takes more than ${this.#hangMs} ms` : `the thread died: ${outcome}`,
        stack: '',
        input: watched.newest,
        alone: true,
      };
      const inputs = watched.begun - begun;
      return { outcome: { inputs, datagrams: 0, findings: [finding], kept: [] }, blocks: 0, heldOctets: 0 };
    } finally {
      ended.abort();
    }
  }

  async end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.worker.terminate();
  }

  async #thread() {
    if (this.#running !== undefined) return this.#running;
    const watched = new Watched();
    const workerData: WorkerStart = { watched: watched.buffer, guided: this.#guided, module: this.#module };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    await once(worker, 'message');
    if (this.#over.aborted) watched.stop();
    this.#running = { worker, watched };
    return this.#running;
  }
}

/** Settles once the worker has been at one input for so long, unless the signal aborts before. */
async function hangs(watched: Watched, limitMs: number, signal: AbortSignal): Promise<'hangs'> {
  return new Promise((resolve) => {
    let [begun, since] = [watched.begun, performance.now()];
    const look = setInterval(
      () => {
        if (watched.begun !== begun) [begun, since] = [watched.begun, performance.now()];
        // Between two inputs a worker also measures, minimises and builds its seeds.
        if (performance.now() - since > limitMs) resolve('hangs');
      },
      Math.min(lookMs, limitMs),
    );
    signal.addEventListener('abort', () => clearInterval(look));
  });
}
