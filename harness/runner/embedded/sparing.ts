import type { Cell } from '../../cell.ts';
import type { CellRecord } from '../../record.ts';

/**
 * Gives records in which what is equal to a part of an earlier one is that part itself: what comes from a worker is a
 * copy to its last word, and of a large run every record stays in memory. Own to each record are its cell, its times, and the command that replays it. To be given lean records: every different part is kept.
 */
export class Sparing {
  readonly #known = new Map<string, unknown>();

  /** @param cell that was played, with the words of the list of cells */
  recordOf(record: CellRecord, cell: Cell): CellRecord {
    const { lab, expectation, observed } = record;
    return {
      ...record,
      axes: { ...cell },
      run: this.#alike(record.run),
      seed: this.#alike(record.seed),
      why: this.#alike(record.why),
      ...(lab && { lab: this.#alike(lab) }),
      ...(expectation && { expectation: this.#alike(expectation) }),
      ...(observed && { observed: this.#alike(observed) }),
      versions: this.#alike(record.versions),
      host: this.#alike(record.host),
      files: this.#alike(record.files),
    };
  }

  #alike<Part>(part: Part): Part {
    const text = JSON.stringify(part);
    const known = this.#known.get(text);
    if (known !== undefined) return known as Part;
    this.#known.set(text, part);
    return part;
  }
}
