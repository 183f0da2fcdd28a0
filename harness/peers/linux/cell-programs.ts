import type { NodeProcess } from '../../fabric/fabric.ts';
import type { Kernel } from './kernel.ts';
import type { PeerLog } from './peer-log.ts';

const never = new AbortController().signal;

/** The programs that one cell has in a kernel: what they say is logged, and one that ends before its time is missed. */
export class CellPrograms {
  readonly #kernel: Pick<Kernel, 'spawn' | 'broken'>;
  readonly #log: PeerLog;
  #running: readonly NodeProcess[] = [];
  /** Rejects when one of them ends that should run. */
  #death: Promise<never> = new Promise(() => {});

  constructor(kernel: Pick<Kernel, 'spawn' | 'broken'>, log: PeerLog) {
    this.#kernel = kernel;
    this.#log = log;
  }

  /** Starts these, by name and command; they outlive this call. */
  async begin(programs: readonly (readonly [name: string, command: readonly string[]])[]): Promise<void> {
    const started = await Promise.all(
      programs.map(async ([name, command]) => {
        const process = await this.#kernel.spawn(command, never);
        this.#log.follow(name, process);
        return { name, process };
      }),
    );
    this.#running = started.map(({ process }) => process);
    this.#death = Promise.race(started.map(({ name, process }) => this.#ends(name, process)));
    // Nobody may be waiting for it at the time.
    this.#death.catch(() => {});
  }

  /** From now on their end is no death. */
  async end(): Promise<void> {
    this.#death = new Promise(() => {});
    await Promise.all(this.#running.map((process) => process.kill()));
    this.#running = [];
  }

  /** The work, or what was said last by the program whose end came before. */
  orDeath<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#death]);
  }

  lastWords(name: string): string {
    const lines = this.#log.lines.filter(({ program }) => program === name).slice(-2);
    return lines.map(({ text }) => text).join(' | ');
  }

  async #ends(name: string, process: NodeProcess): Promise<never> {
    const code = await process.exit;
    throw this.#kernel.broken(`running ${name}`, `it ended with exit code ${code}: ${this.lastWords(name)}`);
  }
}
