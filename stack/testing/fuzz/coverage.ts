import { type Profiler, Session } from 'node:inspector';

/** The stack's own code, without tests: what guidance is about. */
const isMeant = (url: string) => /\/stack\/(?!testing\/)/.test(url) && !/\/testing\/|\.test\.ts/.test(url);

/**
 * Which blocks of the stack's code have run, by V8's own counters. Counting slows the code by half and reading the
 * counters takes a millisecond or two, so that it is asked about many inputs at once.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Blocks seen since the beginning. */
  get blocks(): number {
    return this.#seen.size;
  }

  /** How many blocks have run since this was asked last that never had before. */
  fresh(): number {
    const before = this.#seen.size;
    for (const { url, functions } of this.#take()) {
      if (!isMeant(url)) continue;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count > 0) this.#seen.add(`${url} ${startOffset} ${endOffset}`);
        }
      }
    }
    return this.#seen.size - before;
  }

  end(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let result: readonly Profiler.ScriptCoverage[] = [];
    // The session is in this thread: it answers before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error === null) result = taken.result;
    });
    return result;
  }
}
