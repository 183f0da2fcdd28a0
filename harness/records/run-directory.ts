import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellRecord } from '../record.ts';
import { cannotWrite } from './cannot-write.ts';
import { dropUnfinishedLine, JsonLines } from './json-lines.ts';
import { recordLine } from './record-line.ts';
import { type RunSummary, summaryFileName } from './summary.ts';

/** The file of a run's records in its directory. */
export const resultsFileName = 'results.jsonl';

/**
 * Where one run keeps everything: `<results>/<run>/results.jsonl`, `summary.json` and `cells/<cell>/`.
 * A line of `results.jsonl` is on the disk when `append` returns, so that whatever ends the run later loses nothing finished.
 */
export class RunDirectory {
  readonly run: string;
  readonly path: string;
  readonly #results: string;
  readonly #lines: JsonLines;

  /**
   * Makes the directory of a new run under `results`, or goes on in that of a run that was interrupted, where every
   * whole record stays; and points `results/latest` to it.
   */
  constructor(results: string, run: string, kind: 'new' | 'resumed' = 'new') {
    this.#results = results;
    this.run = run;
    this.path = join(results, this.run);
    const lines = join(this.path, resultsFileName);
    try {
      mkdirSync(results, { recursive: true });
      if (kind === 'new') mkdirSync(this.path);
      else dropUnfinishedLine(lines);
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
    this.#lines = new JsonLines(lines);
    this.#pointLatestHere();
  }

  get resultsFile(): string {
    return this.#lines.path;
  }

  /** The directory, made by this call, for captures and logs of one attempt at a cell; relative to `path` in records. */
  cellDirectory(name: string): string {
    const relative = cellDirectory(name);
    try {
      mkdirSync(join(this.path, relative), { recursive: true });
    } catch (error) {
      throw cannotWrite(join(this.path, relative), error);
    }
    return relative;
  }

  /** Checks the record against its schema and writes it; it is on the disk when this returns. */
  append(record: CellRecord): void {
    this.appendLines([recordLine(record)]);
  }

  /** Writes what `recordLine` made of records; all of them are on the disk when this returns. */
  appendLines(lines: readonly string[]): void {
    this.#lines.appendLines(lines);
  }

  writeSummary(summary: RunSummary): void {
    this.writeFile(summaryFileName, `${JSON.stringify(summary, null, 2)}\n`);
  }

  /** Writes a text file at a path relative to the run's directory. */
  writeFile(relative: string, text: string): void {
    this.writeBytes(relative, Buffer.from(text));
  }

  /** Writes a file at a path relative to the run's directory. */
  writeBytes(relative: string, bytes: Uint8Array): void {
    try {
      writeFileSync(join(this.path, relative), bytes);
    } catch (error) {
      throw cannotWrite(join(this.path, relative), error);
    }
  }

  close(): void {
    this.#lines.close();
  }

  /** A link is made beside and renamed over the old one, so that `latest` always names a whole run. */
  #pointLatestHere(): void {
    const link = join(this.#results, 'latest');
    const made = `${link}.${this.run}`;
    try {
      symlinkSync(this.run, made);
      renameSync(made, link);
    } catch (error) {
      throw cannotWrite(link, error);
    }
  }
}

/** Where the evidence of the cell with this name is, relative to the run's directory. */
export function cellDirectory(name: string): string {
  return join('cells', safeName(name));
}

/** A cell id as one path component that needs no quoting in a shell: `office-nat/p2=1` is `office-nat,p2=1`. */
export function safeName(id: string): string {
  return id
    .replaceAll('/', ',')
    .replace(/[^\w.,=+@-]/g, '.')
    .slice(0, 200);
}
