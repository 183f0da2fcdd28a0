/**
 * Covering arrays: few rows that show every pair of values that can stand together. Greedy, one row after the other
 * (the AETG method of Cohen, Dalal, Fredman and Patton, IEEE TSE 23(7), 1997), without chance: the same question has
 * the same answer. Covering-array packages were looked at: none counts what a masking value hides.
 */

/** One factor. Values are numbered from 0. */
export interface Factor {
  readonly size: number;
  /** Of which pairs are wanted; the other values are wanted once each. */
  readonly representatives: ReadonlySet<number>;
  /** Of these a row shows nothing but pairs with the value itself. */
  readonly masking: ReadonlySet<number>;
}

/** Asks of the factors that it names only; it is asked when all of them are set. */
export interface RowConstraint {
  readonly of: readonly number[];
  readonly holds: (row: readonly number[]) => boolean;
}

/** What rows are to show. */
export interface Wanted {
  /** Factor, value, factor, value. */
  readonly pairs: readonly (readonly [number, number, number, number])[];
  /** Factor and value, in any row. */
  readonly values: readonly (readonly [number, number])[];
}

export interface Covering {
  readonly rows: readonly (readonly number[])[];
  /** Of what was wanted, what no row can have. */
  readonly impossible: Wanted;
}

/** Rows tried for each that is kept: the one that shows most is. */
const candidates = 4;
const unset = -1;

/** @param wanted all pairs of representatives, and each value once, unless something else is asked for */
export function covering(
  factors: readonly Factor[],
  constraints: readonly RowConstraint[],
  wanted: Wanted = everything(factors),
): Covering {
  return new Search(factors, constraints, wanted).run();
}

/** Every pair of representatives, and every value once. */
export function everything(factors: readonly Factor[]): Wanted {
  const pairs: [number, number, number, number][] = [];
  for (const [first, one] of factors.entries()) {
    for (let second = first + 1; second < factors.length; second += 1) {
      for (const a of one.representatives) {
        for (const b of factors[second]?.representatives ?? []) pairs.push([first, a, second, b]);
      }
    }
  }
  const values = factors.flatMap(({ size }, factor) =>
    Array.from({ length: size }, (_, value): [number, number] => [factor, value]),
  );
  return { pairs, values };
}

class Search {
  readonly #factors: readonly Factor[];
  /** By factor: those that ask of it. */
  readonly #constraints: readonly (readonly RowConstraint[])[];
  /** 1 at the key of each pair that is still wanted, in both directions. */
  readonly #wanted: Uint8Array;
  /** Values that are still wanted once. */
  readonly #unused: Set<number>[];
  readonly #rows: number[][] = [];
  readonly #impossible: [number, number, number, number][] = [];
  readonly #asked: Wanted;
  readonly #offsets: number[] = [];
  /** Values that stand in no row, by factor: some constraint leaves them no value of another factor. */
  readonly #barred: Set<number>[];
  readonly #width: number;

  constructor(factors: readonly Factor[], constraints: readonly RowConstraint[], asked: Wanted) {
    this.#factors = factors;
    this.#asked = asked;
    this.#constraints = factors.map((_, index) => constraints.filter(({ of }) => of.includes(index)));
    this.#barred = factors.map(() => new Set<number>());
    let width = 0;
    for (const { size } of factors) {
      this.#offsets.push(width);
      width += size;
    }
    this.#width = width;
    this.#wanted = new Uint8Array(width * width);
    const want = (key: number) => {
      this.#wanted[key] = 1;
    };
    this.#unused = factors.map(() => new Set());
    for (const [factor, value] of asked.values) this.#unused[factor]?.add(value);
    for (const [first, a, second, b] of asked.pairs) {
      want(this.#key(first, a, second, b));
      want(this.#key(second, b, first, a));
    }
  }

  run(): Covering {
    this.#barWhatHasNoPlace();
    if (this.#barred.some((values, factor) => values.size === this.#sizeOf(factor))) {
      return { rows: [], impossible: this.#asked };
    }
    for (let key = this.#wanted.indexOf(1); key >= 0; key = this.#wanted.indexOf(1, key)) {
      const [first, a, second, b] = this.#pairOf(key);
      const best = this.#best([
        [first, a],
        [second, b],
      ]);
      if (best) this.#keep(best);
      else this.#impossible.push([first, a, second, b]);
      this.#forget(first, a, second, b);
    }
    const nowhere: [number, number][] = [];
    for (const [factor, values] of this.#unused.entries()) {
      for (const value of values) {
        const best = this.#best([[factor, value]]);
        if (best) this.#keep(best);
        else nowhere.push([factor, value]);
      }
    }
    return { rows: this.#rows, impossible: { pairs: this.#impossible, values: nowhere } };
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
  #best(seed: readonly (readonly [number, number])[]): number[] | undefined {
    let best: number[] | undefined;
    let most = -1;
    for (let turn = 0; turn < candidates; turn += 1) {
      const row = this.#complete(seed, turn);
      if (!row) return best;
      const shown = this.#shownBy(row).length;
      if (shown > most) {
        most = shown;
        best = row;
      }
    }
    return best;
  }

  /** Fills a row factor by factor, each with the value that shows most; goes back where nothing fits. */
  #complete(seed: readonly (readonly [number, number])[], turn: number): number[] | undefined {
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
    const hidden = this.#maskingFactors(row);
    const beside = hidden.length > 1 ? [] : hidden.length === 1 ? hidden : [...row.keys()];
    const places = beside.flatMap((other) => {
      const value = row[other] ?? unset;
      return value === unset ? [] : [(this.#offsets[other] ?? 0) + value];
    });
    const offset = this.#offsets[factor] ?? 0;
    const scores: number[] = [];
    for (let value = 0; value < size; value += 1) {
      if (masking.has(value) || this.#barred[factor]?.has(value)) continue;
      const line = (offset + value) * this.#width;
      // What is wanted once comes where no pair is to be had.
      let gain = hidden.length === 0 && this.#unused[factor]?.has(value) ? 0.5 : 0;
      for (const place of places) gain += this.#wanted[line + place] ?? 0;
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

  #keep(row: number[]): void {
    this.#rows.push(row);
    for (const [first, second] of this.#shownBy(row)) {
      this.#forget(first, row[first] ?? 0, second, row[second] ?? 0);
    }
    const masked = this.#maskingFactors(row).length > 0;
    for (const [factor, value] of row.entries()) {
      if (!masked || this.#masks(factor, value)) this.#unused[factor]?.delete(value);
    }
  }

  /** Factors of the wanted pairs that a row shows: all, or with a masking value those of that value. */
  #shownBy(row: readonly number[]): [number, number][] {
    const hidden = this.#maskingFactors(row);
    const pairs: [number, number][] = [];
    for (let first = 0; first < row.length; first += 1) {
      for (let second = first + 1; second < row.length; second += 1) {
        if (!hidden.every((index) => index === first || index === second)) continue;
        const key = this.#key(first, row[first] ?? 0, second, row[second] ?? 0);
        if (this.#wanted[key] === 1) pairs.push([first, second]);
      }
    }
    return pairs;
  }

  #maskingFactors(row: readonly number[]): number[] {
    const found: number[] = [];
    for (let index = 0; index < row.length; index += 1) {
      if (this.#masks(index, row[index] ?? unset)) found.push(index);
    }
    return found;
  }

  #forget(first: number, a: number, second: number, b: number): void {
    this.#wanted[this.#key(first, a, second, b)] = 0;
    this.#wanted[this.#key(second, b, first, a)] = 0;
  }

  #masks(factor: number, value: number): boolean {
    return this.#factors[factor]?.masking.has(value) ?? false;
  }

  #sizeOf(factor: number): number {
    return this.#factors[factor]?.size ?? 0;
  }

  #key(first: number, a: number, second: number, b: number): number {
    const left = (this.#offsets[first] ?? 0) + a;
    return left * this.#width + (this.#offsets[second] ?? 0) + b;
  }

  #pairOf(key: number): [number, number, number, number] {
    const [first, a] = this.#placeOf(Math.floor(key / this.#width));
    const [second, b] = this.#placeOf(key % this.#width);
    return [first, a, second, b];
  }

  #placeOf(place: number): [number, number] {
    const factor = this.#offsets.findLastIndex((offset) => offset <= place);
    return [factor, place - (this.#offsets[factor] ?? 0)];
  }
}
