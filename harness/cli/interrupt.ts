import { CrossnatError } from '../error.ts';
import { isClosedOutput } from './closed-output.ts';
import { exit } from './exit-status.ts';

/** A person types Ctrl-C twice no faster than this; npm sends on what the terminal has sent already. Milliseconds. */
const echoMs = 400;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first signal aborts what is under way, which then cleans up; a second ends the process at once and
 * leaves the clean-up to the watchdog. So does a reader of the output who leaves, whom a shell would have a signal
 * for. Dispose of it when the run is over.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #say: (text: string) => void;
  #first: number | undefined;
  readonly #onSignal = () => this.#receive();
  readonly #onOutputError = (error: unknown) => {
    if (isClosedOutput(error)) this.#leave();
  };

  constructor(say: (text: string) => void) {
    this.#say = say;
    for (const name of signals) process.on(name, this.#onSignal);
    process.stdout.on('error', this.#onOutputError);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const name of signals) process.off(name, this.#onSignal);
    process.stdout.off('error', this.#onOutputError);
  }

  #receive(): void {
    const now = performance.now();
    if (this.#first === undefined) {
      this.#first = now;
      this.#say('Interrupted: cleaning up. Once more leaves that to the watchdog.');
      this.#controller.abort(interrupted());
    } else if (now - this.#first > echoMs) {
      process.exit(exit.interrupted);
    }
  }

  #leave(): void {
    if (this.signal.aborted) return;
    console.error('Nobody reads the output any more: cleaning up. What was finished is recorded.');
    this.#controller.abort(interrupted());
  }
}

function interrupted(): CrossnatError {
  return new CrossnatError('interrupted', {
    doing: 'running the cells',
    found: 'interrupted',
    remedy: 'What was finished is recorded',
  });
}
