import { extname } from 'node:path';
import { PassThrough } from 'node:stream';
import { cellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { CellRecord, Verdict } from '../record.ts';
import { longestAttemptMs } from '../runner/attempt.ts';
import { answerCells, type CellAnswer } from '../runner/cell-channel.ts';
import type { RunEvent } from '../runner/parts.ts';
import type { PlannedCell } from '../runner/plan.ts';
import { longestUpMs } from '../runner/standing-lab.ts';
import { runVitest } from './vitest.ts';

/**
 * Hands cells to vitest: one test for each, which waits for the record that the runner makes of it.
 * Feed it the runner's events; vitest decides nothing about order, deadlines or repeats.
 */
export class CellTests {
  readonly #channel: string;
  readonly #cells: readonly PlannedCell[];
  readonly #answers: readonly PromiseWithResolvers<CellAnswer>[];
  /** By id and repeat. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #ended: CellRecord[] = [];

  /** @param run names the channel; @param cells in run order */
  constructor(run: string, cells: readonly PlannedCell[]) {
    this.#channel = `crossnat-cells-${run}`;
    this.#cells = cells;
    this.#places = new Map(cells.map(({ cell, repeat }, place) => [`${cellId(cell)}@${repeat}`, place]));
    this.#answers = cells.map(() => Promise.withResolvers<CellAnswer>());
  }

  onEvent(event: RunEvent): void {
    if (event.event !== 'cell-ended' || event.record.canary) return;
    const { record } = event;
    this.#ended.push(record);
    this.#answers[this.#places.get(`${record.cell}@${record.repeat}`) ?? -1]?.resolve({ record });
  }

  /** The runner has ended: tests whose cell did not run learn why. */
  endWith(why: string): void {
    for (const answer of this.#answers) answer.resolve({ record: undefined, why });
  }

  /** Runs the tests to their end. Throws CrossnatError where vitest could not, or did not see what was recorded. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = answerCells(this.#channel, (index) => this.#answer(index));
    try {
      const { counts, errors } = await runVitest(
        {
          config: false,
          include: [`suites/cells.test${extname(import.meta.filename)}`],
          pool: 'threads',
          fileParallelism: false,
          // The cells' progress and table are ours; vitest's own output would repeat them.
          reporters: [{}],
          silent: true,
          provide: {
            cellTests: { channel: this.#channel, names: this.#cells.map(testName), timeoutMs },
          },
        },
        new PassThrough().resume(),
        signal,
      );
      if (signal.aborted) return;
      const [error] = errors;
      if (error !== undefined) throw vitestFailed(error);
      const [passed, failed] = [this.#count(['pass']), this.#count(['fail', 'broken'])];
      if (counts.passed !== passed || counts.failed !== failed) {
        const seen = `${counts.passed} passed and ${counts.failed} failed there`;
        throw vitestFailed(`${seen}, ${passed} and ${failed} are recorded`);
      }
    } finally {
      stop();
    }
  }

  #count(verdicts: readonly Verdict[]): number {
    return this.#ended.filter(({ verdict }) => verdicts.includes(verdict)).length;
  }

  #answer(index: number): Promise<CellAnswer> {
    const known = this.#answers[index];
    return known
      ? known.promise
      : Promise.resolve({ record: undefined, why: `no cell ${index} in this run` });
  }
}

/** Twice the longest attempt in a lab that has to come up first, and some: the runner's deadlines come before. */
const timeoutMs = 2 * (longestUpMs + longestAttemptMs) + 60_000;

function testName({ cell, repeat }: PlannedCell): string {
  return repeat === 1 ? cellId(cell) : `${cellId(cell)}@${repeat}`;
}

function vitestFailed(found: string): CrossnatError {
  return new CrossnatError('broken', {
    doing: 'running the cells as tests of vitest',
    found,
    remedy: 'The records are whole; this is a fault of suites/cells.test.ts or of vitest',
  });
}
