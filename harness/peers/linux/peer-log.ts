import { createInterface } from 'node:readline';
import type { NodeProcess } from '../../fabric/fabric.ts';
import { linesOfClient } from '../lines-of-client.ts';

/** A line that a program of a peer said, and when it came. */
export interface LogLine {
  readonly program: string;
  readonly text: string;
  /** Milliseconds on this machine's own clock. */
  readonly at: number;
}

/** What the programs of a peer say, line by line, as it comes. */
export class PeerLog {
  #lines: LogLine[] = [];
  /** Where the lines of each client begin, in the order in which they dial. */
  #beginnings = [0];
  readonly #waiting = new Set<() => void>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Forgets what was said: a new cell begins. */
  clear(): void {
    this.#lines = [];
    this.#beginnings = [0];
  }

  /** The next client dials: what is said from here on is about its connection. */
  nextClient(): void {
    this.#beginnings.push(this.#lines.length);
  }

  /** What was said of this client's connection; `names` tells which connection a line names, where it does. */
  linesOf(client: number, names: (line: LogLine) => string | undefined): readonly LogLine[] {
    return linesOfClient(this.#lines, this.#beginnings, client, names);
  }

  add(program: string, text: string): void {
    this.#lines.push({ program, text, at: this.#now() });
    for (const look of [...this.#waiting]) look();
  }

  /** Takes in what a program says on both of its outputs, from now to its end. */
  follow(program: string, { stdout, stderr }: Pick<NodeProcess, 'stdout' | 'stderr'>): void {
    for (const stream of [stdout, stderr]) {
      createInterface({ input: stream }).on('line', (text) => {
        // pppd ends most of its lines twice.
        if (text.trim() !== '') this.add(program, text.trimEnd());
      });
    }
  }

  /** Looks at the lines now and after each new one, until `look` finds something. Rejects when the signal aborts. */
  until<T>(look: (lines: readonly LogLine[]) => T | undefined, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const onLine = () => {
      try {
        const found = look(this.#lines);
        if (found !== undefined) resolve(found);
      } catch (error) {
        reject(error);
      }
    };
    const onAbort = () => reject(signal.reason);
    this.#waiting.add(onLine);
    signal.addEventListener('abort', onAbort, { once: true });
    onLine();
    if (signal.aborted) onAbort();
    return promise.finally(() => {
      this.#waiting.delete(onLine);
      signal.removeEventListener('abort', onAbort);
    });
  }

  /** Everything, with seconds since the first line. */
  text(): string {
    const start = this.#lines[0]?.at ?? 0;
    return this.#lines
      .map(({ program, text, at }) => `${((at - start) / 1000).toFixed(3)} ${program}: ${text}`)
      .join('\n');
  }
}
