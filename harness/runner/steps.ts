import { withDeadline } from './deadline.ts';
import { type Trouble, troubleWith } from './trouble.ts';

/** Milliseconds. Generous: a deadline catches what hangs, it measures nothing. */
export const deadlines = {
  step: 60_000,
  salvage: 15_000,
  connect: 120_000,
  traffic: 120_000,
  sustained: 300_000,
  event: 240_000,
};

type Work<T> = (signal: AbortSignal) => Promise<T>;

/** The steps of one attempt. Each has its deadline, and is told to whoever watches. */
export class Steps {
  /** What went wrong in steps whose failure did not end the attempt, and in the one that did. */
  readonly trouble: Trouble[] = [];
  readonly #signal: AbortSignal;
  readonly #report: (name: string) => void;

  constructor(signal: AbortSignal, report: (name: string) => void) {
    this.#signal = signal;
    this.#report = report;
  }

  async timed<T>(doing: string, ms: number, work: Work<T>): Promise<T> {
    this.#report(doing);
    return withDeadline(doing, ms, this.#signal, work);
  }

  /** Steps that need not wait for each other. All have ended when it returns: nothing goes on behind the cell's end. */
  async together(
    name: string,
    steps: readonly (readonly [doing: string, work: Work<void>])[],
  ): Promise<void> {
    this.#report(name);
    const begun = steps.map(([doing, work]) => withDeadline(doing, deadlines.step, this.#signal, work));
    await Promise.allSettled(begun);
    await Promise.all(begun);
  }

  /** Work whose failure must not keep the rest of the evidence from being gathered: it becomes trouble. */
  async salvage<T>(doing: string, work: Work<T>): Promise<T | undefined> {
    try {
      // After the first trouble the next is likely: a hung peer must not cost half a minute at every step.
      const ms = this.trouble.length === 0 ? deadlines.step : deadlines.salvage;
      return await this.timed(doing, ms, work);
    } catch (error) {
      this.failed(doing, error);
      return undefined;
    }
  }

  /** Makes trouble of what was thrown. Throws on where the attempt was interrupted: that is none. */
  failed(doing: string, error: unknown): void {
    this.#signal.throwIfAborted();
    this.trouble.push(troubleWith(doing, error));
  }
}
