import type { Factor, Pair, Setting, Wanted } from './wanted.ts';

/** Stands in a row where a factor has no value yet. */
export const unset = -1;

/**
 * What no row has shown so far of what is wanted. A row shows the pairs of its values and each of its values; with a
 * masking value only what has part in that value, and with two of them nothing but the pair of both.
 */
export class StillWanted {
  readonly #factors: readonly Factor[];
  /** Where the values of each factor begin among all values of all factors. */
  readonly #offsets: number[] = [];
  readonly #width: number;
  /** 1 at the key of each pair, in both directions. */
  readonly #pairs: Uint8Array;
  /** By factor. */
  readonly #values: readonly Set<number>[];

  constructor(factors: readonly Factor[], { pairs, values }: Wanted) {
    this.#factors = factors;
    let width = 0;
    for (const { size } of factors) {
      this.#offsets.push(width);
      width += size;
    }
    this.#width = width;
    this.#pairs = new Uint8Array(width * width);
    this.#values = factors.map(() => new Set());
    for (const [factor, value] of values) this.#values[factor]?.add(value);
    for (const pair of pairs) this.#mark(pair, 1);
  }

  /** Each pair that is wanted when its turn comes, and is not from then on. */
  *takePairs(): Generator<Pair> {
    for (let key = this.#pairs.indexOf(1); key >= 0; key = this.#pairs.indexOf(1, key)) {
      const [first, a] = this.#settingAt(Math.floor(key / this.#width));
      const [second, b] = this.#settingAt(key % this.#width);
      const pair: Pair = [first, a, second, b];
      yield pair;
      this.#mark(pair, 0);
    }
  }

  /** Each value that is wanted when its turn comes. */
  *values(): Generator<Setting> {
    for (const [factor, values] of this.#values.entries()) {
      for (const value of values) yield [factor, value];
    }
  }

  /** How many wanted pairs a row would show. */
  countIn(row: readonly number[]): number {
    return this.#shownBy(row).length;
  }

  /** A row is kept: what it shows is wanted no more. */
  strike(row: readonly number[]): void {
    for (const pair of this.#shownBy(row)) this.#mark(pair, 0);
    const isMasked = this.#maskingIn(row).length > 0;
    for (const [factor, value] of row.entries()) {
      if (!isMasked || this.#masks(factor, value)) this.#values[factor]?.delete(value);
    }
  }

  /**
   * What each value of a factor would show beside those that are set in a row, by value. One that is itself wanted
   * counts half a pair: it comes where no pair is to be had.
   */
  gains(row: readonly number[], factor: number): number[] {
    const hidden = this.#maskingIn(row);
    const beside = hidden.length > 1 ? [] : hidden.length === 1 ? hidden : [...row.keys()];
    const places = beside.flatMap((other) => {
      const value = row[other] ?? unset;
      return value === unset ? [] : [(this.#offsets[other] ?? 0) + value];
    });
    const offset = this.#offsets[factor] ?? 0;
    return Array.from({ length: this.#factors[factor]?.size ?? 0 }, (_, value) => {
      const line = (offset + value) * this.#width;
      let gain = hidden.length === 0 && this.#values[factor]?.has(value) ? 0.5 : 0;
      for (const place of places) gain += this.#pairs[line + place] ?? 0;
      return gain;
    });
  }

  #shownBy(row: readonly number[]): Pair[] {
    const hidden = this.#maskingIn(row);
    const pairs: Pair[] = [];
    for (let first = 0; first < row.length; first += 1) {
      for (let second = first + 1; second < row.length; second += 1) {
        if (!hidden.every((index) => index === first || index === second)) continue;
        const pair: Pair = [first, row[first] ?? 0, second, row[second] ?? 0];
        if (this.#pairs[this.#key(pair)] === 1) pairs.push(pair);
      }
    }
    return pairs;
  }

  #maskingIn(row: readonly number[]): number[] {
    const found: number[] = [];
    for (let index = 0; index < row.length; index += 1) {
      if (this.#masks(index, row[index] ?? unset)) found.push(index);
    }
    return found;
  }

  #masks(factor: number, value: number): boolean {
    return this.#factors[factor]?.masking.has(value) ?? false;
  }

  #mark([first, a, second, b]: Pair, wanted: 0 | 1): void {
    this.#pairs[this.#key([first, a, second, b])] = wanted;
    this.#pairs[this.#key([second, b, first, a])] = wanted;
  }

  #key([first, a, second, b]: Pair): number {
    const left = (this.#offsets[first] ?? 0) + a;
    return left * this.#width + (this.#offsets[second] ?? 0) + b;
  }

  #settingAt(place: number): Setting {
    const factor = this.#offsets.findLastIndex((offset) => offset <= place);
    return [factor, place - (this.#offsets[factor] ?? 0)];
  }
}
