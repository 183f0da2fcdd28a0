import { StillWanted, unset } from './still-wanted.ts';
import { type Covering, everything, type Factor, type Pair, type Setting, type Wanted } from './wanted.ts';

/**
 * Covering arrays: few rows that show every pair of values that can stand together. Greedy, one row after the other
 * (the AETG method of Cohen, Dalal, Fredman and Patton, IEEE TSE 23(7), 1997), without chance: the same question has
 * the same answer. Covering-array packages were looked at: none counts what a masking value hides.
 */

/** Asks of the factors that it names only; it is asked when all of them are set. */
export interface RowConstraint {
  readonly of: readonly number[];
  readonly holds: (row: readonly number[]) => boolean;
}

/** Rows tried for each that is kept: the one that shows most is. */
const candidates = 4;

/** @param wanted all pairs of representatives, and each value once, unless something else is asked for */
export function covering(
  factors: readonly Factor[],
  constraints: readonly RowConstraint[],
  wanted: Wanted = everything(factors),
): Covering {
  return new Search(factors, constraints, wanted).run();
}

class Search {
  readonly #factors: readonly Factor[];
  /** By factor: those that ask of it. */
  readonly #constraints: readonly (readonly RowConstraint[])[];
  readonly #asked: Wanted;
  readonly #wanted: StillWanted;
  /** Values that stand in no row, by factor: some constraint leaves them no value of another factor. */
  readonly #barred: readonly Set<number>[];

  constructor(factors: readonly Factor[], constraints: readonly RowConstraint[], asked: Wanted) {
    this.#factors = factors;
    this.#asked = asked;
    this.#constraints = factors.map((_, index) => constraints.filter(({ of }) => of.includes(index)));
    this.#wanted = new StillWanted(factors, asked);
    this.#barred = factors.map(() => new Set<number>());
  }

  run(): Covering {
    this.#barWhatHasNoPlace();
    if (this.#barred.some((values, factor) => values.size === this.#sizeOf(factor))) {
      return { rows: [], impossible: this.#asked };
    }
    const rows: number[][] = [];
    const keeps = (seed: readonly Setting[]): boolean => {
      const best = this.#best(seed);
      if (!best) return false;
      rows.push(best);
      this.#wanted.strike(best);
      return true;
    };
    const pairs: Pair[] = [];
    for (const pair of this.#wanted.takePairs()) {
      const [first, a, second, b] = pair;
      const isShown = keeps([
        [first, a],
        [second, b],
      ]);
      if (!isShown) pairs.push(pair);
    }
    const values: Setting[] = [];
    for (const value of this.#wanted.values()) if (!keeps([value])) values.push(value);
    return { rows, impossible: { pairs, values } };
  }

  /** Goes on until nothing more follows: what is barred may have been the last that another value could stand with. */
  #barWhatHasNoPlace(): void {
    const pairs = [...new Set(this.#constraints.flat())].filter(({ of }) => of.length === 2);
    for (let before = -1, now = 0; before !== now; ) {
      before = now;
      for (const constraint of pairs) {
        const [first = 0, second = 0] = constraint.of;
        this.#barBy(constraint, first, second);
        this.#barBy(constraint, second, first);
      }
      now = this.#barred.reduce((sum, values) => sum + values.size, 0);
    }
  }

  /** Bars the values of a factor that a constraint lets stand with no value of the other. */
  #barBy({ holds }: RowConstraint, factor: number, other: number): void {
    const row = this.#factors.map(() => unset);
    const open = (at: number) =>
      Array.from({ length: this.#sizeOf(at) }, (_, value) => value).filter(
        (value) => !this.#barred[at]?.has(value),
      );
    for (const value of open(factor)) {
      row[factor] = value;
      const hasPlace = open(other).some((its) => {
        row[other] = its;
        return holds(row);
      });
      if (!hasPlace) this.#barred[factor]?.add(value);
    }
  }

  /** The fullest of some rows that begin with these values; `undefined` where none can. */
  #best(seed: readonly Setting[]): number[] | undefined {
    let best: number[] | undefined;
    let most = -1;
    for (let turn = 0; turn < candidates; turn += 1) {
      const row = this.#complete(seed, turn);
      if (!row) return best;
      const shown = this.#wanted.countIn(row);
      if (shown > most) {
        most = shown;
        best = row;
      }
    }
    return best;
  }

  /** Fills a row factor by factor, each with the value that shows most; goes back where nothing fits. */
  #complete(seed: readonly Setting[], turn: number): number[] | undefined {
    const row = this.#factors.map(() => unset);
    for (const [factor, value] of seed) {
      row[factor] = value;
      if (this.#barred[factor]?.has(value) || !this.#fits(row, factor)) return undefined;
    }
    const free = this.#factors.map((_, index) => index).filter((index) => row[index] === unset);
    // What both given values ask of comes first, then what others depend on, so that nothing is filled in vain; the rest
    // begins with another factor each turn.
    const asked = (factor: number) => this.#constraints[factor]?.length ?? 0;
    const ofSeed = (factor: number) =>
      (this.#constraints[factor] ?? []).filter(({ of }) => seed.some(([given]) => of.includes(given))).length;
    const bound = free
      .filter((factor) => asked(factor) > 1)
      .sort((a, b) => ofSeed(b) - ofSeed(a) || asked(b) - asked(a));
    const loose = free
      .filter((factor) => asked(factor) <= 1)
      .sort((a, b) => this.#sizeOf(b) - this.#sizeOf(a));
    const from = turn % Math.max(1, loose.length);
    const order = [...bound, ...loose.slice(from), ...loose.slice(0, from)];
    return this.#fill(row, order, 0, turn) ? row : undefined;
  }

  #fill(row: number[], order: readonly number[], at: number, turn: number): boolean {
    const factor = order[at];
    if (factor === undefined) return true;
    for (const value of this.#ranked(row, factor, turn)) {
      row[factor] = value;
      if (this.#fits(row, factor) && this.#fill(row, order, at + 1, turn)) return true;
    }
    row[factor] = unset;
    return false;
  }

  /** Values by what they would show beside those that are set, equals in another order each turn; masking ones never by themselves. */
  #ranked(row: readonly number[], factor: number, turn: number): number[] {
    const { size, masking } = this.#factors[factor] ?? { size: 0, masking: new Set<number>() };
    const scores: number[] = [];
    for (const [value, gain] of this.#wanted.gains(row, factor).entries()) {
      if (masking.has(value) || this.#barred[factor]?.has(value)) continue;
      const rank = (value + size - ((turn * 7) % size)) % size;
      // Gain first, then rank, and the value itself to be read back: all are small.
      scores.push((-gain * 2 * size + rank) * size + value);
    }
    return Array.from(Float64Array.from(scores).sort(), (score) => ((score % size) + size) % size);
  }

  #fits(row: readonly number[], factor: number): boolean {
    return (this.#constraints[factor] ?? []).every(
      ({ of, holds }) => of.some((index) => row[index] === unset) || holds(row),
    );
  }

  #sizeOf(factor: number): number {
    return this.#factors[factor]?.size ?? 0;
  }
}
