import { withDeadline } from '../../../runner/deadline.ts';
import { type Finding, type Rule, rules } from './rules.ts';

export type Complain = (...words: readonly string[]) => void;

/** What finds out. Complaints are findings; what it throws is one, too. */
export type Work<T> = (signal: AbortSignal, complain: Complain) => Promise<T>;

/** The questions of one probe and what came of them. One that fails altogether is the last that is put. */
export class Questions {
  readonly findings: Finding[] = [];
  readonly #ms: number;
  readonly #signal: AbortSignal;
  #over = false;

  constructor(ms: number, signal: AbortSignal) {
    this.#ms = ms;
    this.#signal = signal;
  }

  /** Gives what `work` gives; `undefined` where that threw or had no end, and for every question after that. */
  async ask<T>(rule: Rule, work: Work<T>): Promise<T | undefined> {
    if (this.#over) return undefined;
    const complain: Complain = (...words) => {
      this.findings.push(...words.map((found) => ({ rule, found })));
    };
    try {
      return await withDeadline(rules[rule], this.#ms, this.#signal, (signal) => work(signal, complain));
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#over = true;
      complain(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
