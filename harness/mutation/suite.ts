import { type Cell, cellId, parseCellId } from '../cell.ts';
import type { CellRecord } from '../record.ts';
import { playCell } from '../runner/embedded/cell-player.ts';
import type { Case } from './judging.ts';
import type { Mutation, Sown } from './mutation.ts';

/** What became of one mutation. */
export interface MutationResult {
  readonly name: string;
  /** The first cell that passes without the defect and not with it, of those that are named if one does. */
  readonly red: string | undefined;
  /** What that cell says. */
  readonly why: string | undefined;
  /** A named cell that does not pass as it is: it proves nothing, and the list is wrong. */
  readonly unfit: readonly string[];
}

/**
 * Plays each mutation's cells, with the defect and without, until one turns red; then, where none of them did, the
 * others.
 */
export class MutationSuite {
  /** Verdicts of cells without any defect. */
  readonly #plain = new Map<string, CellRecord['verdict']>();
  readonly #others: readonly Cell[];
  readonly #cases: Case[] = [];

  /** @param others cells of our own stack that are played for mutations whose own cells stay green */
  constructor(others: readonly Cell[]) {
    this.#others = others;
  }

  /** What was judged so far: cells that pass as they are, and those in which a defect was noticed. */
  get cases(): readonly Case[] {
    return this.#cases;
  }

  result({ name, cells, planted }: Mutation): MutationResult {
    const named = cells.map(parseCellId);
    const unfit = named.filter((cell) => !this.#passes(cell)).map(cellId);
    const found = this.#firstRed(named, planted) ?? this.#firstRed(this.#others, planted);
    return { name, red: found?.cell, why: found?.why, unfit };
  }

  #firstRed(cells: readonly Cell[], planted: Sown): CellRecord | undefined {
    for (const cell of cells) {
      if (!this.#passes(cell)) continue;
      const record = this.#play(cell, planted);
      if (record.verdict !== 'pass' && !isAboutPlaying(record)) return record;
    }
    return undefined;
  }

  #passes(cell: Cell): boolean {
    const id = cellId(cell);
    const verdict = this.#plain.get(id) ?? this.#play(cell).verdict;
    this.#plain.set(id, verdict);
    return verdict === 'pass';
  }

  #play(cell: Cell, planted: Sown = plain): CellRecord {
    const frame = { run: 'mutation', seed: '1', host: {}, versions: {}, stack: '' };
    const heard: Pick<Case, 'expectations' | 'evidence'>[] = [];
    const judged: Sown['judged'] = (expectations, evidence) => heard.push({ expectations, evidence });
    try {
      const { record } = playCell(frame, { cell, repeat: 1 }, { ...planted, judged });
      const passes = record.verdict === 'pass';
      // What passes although a defect was planted is no example of anything.
      const isExample = planted === plain ? passes : !passes;
      if (isExample) this.#cases.push(...heard.map((each) => ({ cell, ...each, passes })));
      return record;
    } finally {
      planted.lifted?.();
    }
  }
}

const plain: Sown = {};

/** The defect could not be planted into such a cell: nothing noticed it. */
function isAboutPlaying({ verdict, why }: CellRecord): boolean {
  return verdict === 'broken' && why.startsWith('playing the cell');
}
