import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { cannotWrite } from './cannot-write.ts';

/** Cuts off what a killed process had begun to write behind the last whole line, so that the next one begins its own. */
export function dropUnfinishedLine(path: string): void {
  if (!existsSync(path)) return;
  const end = readFileSync(path).lastIndexOf('\n') + 1;
  truncateSync(path, end);
}

/**
 * A file of one JSON value per line that is on the disk when `append` returns.
 * A line that could not be written whole leaves nothing of itself: what was appended before stays readable.
 */
export class JsonLines {
  readonly path: string;
  readonly #descriptor: number;

  /** Opens for appending; throws a CrossnatError where the place cannot be written. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(path, 'a');
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  append(value: unknown): void {
    this.appendLines([JSON.stringify(value)]);
  }

  /** Several at once, each a JSON text without a line end: all of them are on the disk when this returns, or none is. */
  appendLines(lines: readonly string[]): void {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const before = fstatSync(this.#descriptor).size;
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#descriptor, bytes, written);
      }
      fsyncSync(this.#descriptor);
    } catch (error) {
      this.#backTo(before);
      throw cannotWrite(this.path, error);
    }
  }

  #backTo(size: number): void {
    try {
      ftruncateSync(this.#descriptor, size);
    } catch {
      // A device or a lost disk: the reader leaves an unfinished last line out.
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
