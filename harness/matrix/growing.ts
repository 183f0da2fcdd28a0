import type { Covering, Factor, Pair, Setting, Wanted } from './wanted.ts';

/** What a value at hand costs to look at is a rule table asked: so many that would show something new are tried. */
const mostTried = 8;

/**
 * Rows that are good as a whole, each grown from one that is known to be: two wanted values are put into it, and then
 * value after value that shows a wanted pair more, as long as it stays good. Without chance, like `covering`; what it
 * does not find is impossible to it, and perhaps to nobody.
 *
 * @param base a good row
 * @param repairs factors that may be changed where two values alone do not make a good row
 */
export function growing(
  factors: readonly Factor[],
  wanted: Wanted,
  base: readonly number[],
  repairs: readonly number[],
  isGood: (row: readonly number[]) => boolean,
): Covering {
  return new Growth(factors, wanted, base, repairs, isGood).run();
}

class Growth {
  readonly #factors: readonly Factor[];
  readonly #asked: Wanted;
  readonly #base: readonly number[];
  readonly #repairs: readonly number[];
  readonly #isGood: (row: readonly number[]) => boolean;
  /** Pairs and values by their names. */
  readonly #wanted = new Set<string>();
  readonly #rows: number[][] = [];

  constructor(
    factors: readonly Factor[],
    asked: Wanted,
    base: readonly number[],
    repairs: readonly number[],
    isGood: (row: readonly number[]) => boolean,
  ) {
    this.#factors = factors;
    this.#asked = asked;
    this.#base = base;
    this.#repairs = repairs;
    this.#isGood = isGood;
    for (const each of [...asked.pairs, ...asked.values]) this.#wanted.add(String(each));
  }

  run(): Covering {
    const alone = new Map<string, readonly number[] | undefined>();
    const goodWith = (setting: Setting) => {
      const key = String(setting);
      if (!alone.has(key)) alone.set(key, this.#repaired(this.#base, [setting]));
      return alone.get(key);
    };
    const pairs: Pair[] = [];
    for (const pair of this.#asked.pairs) {
      if (!this.#wanted.has(String(pair))) continue;
      const [first, a, second, b] = pair;
      const one = goodWith([first, a]);
      const other = goodWith([second, b]);
      const row = one && other && this.#joined(one, other, [first, a], [second, b]);
      if (row) this.#keep(this.#grown(row, [first, second]));
      else pairs.push(pair);
    }
    const values = this.#asked.values.filter(([factor, value]) => {
      if (!this.#wanted.has(String([factor, value]))) return false;
      const row = goodWith([factor, value]);
      if (row) this.#keep(this.#grown([...row], [factor]));
      return row === undefined;
    });
    return { rows: this.#needed(), impossible: { pairs, values } };
  }

  /** Without rows of which every wanted pair and value stands in another, too. */
  #needed(): number[][] {
    const asked = new Set([...this.#asked.pairs, ...this.#asked.values].map((each) => String(each)));
    const shown = this.#rows.map((row) => shownBy(row).filter((each) => asked.has(each)));
    const times = new Map<string, number>();
    for (const each of shown.flat()) times.set(each, (times.get(each) ?? 0) + 1);
    return this.#rows.filter((_, index) => {
      const own = shown[index] ?? [];
      if (own.some((each) => times.get(each) === 1)) return true;
      for (const each of own) times.set(each, (times.get(each) ?? 0) - 1);
      return false;
    });
  }

  /** What makes each of two values good, in one row. */
  #joined(
    one: readonly number[],
    other: readonly number[],
    first: Setting,
    second: Setting,
  ): number[] | undefined {
    const both = one.map((value, factor) =>
      value === this.#base[factor] ? (other[factor] ?? value) : value,
    );
    return this.#repaired(both, [first, second]) ?? this.#repaired(other, [first, second]);
  }

  /** The row with these values, and with another of one factor where that is what it takes to be good. */
  #repaired(row: readonly number[], settings: readonly Setting[]): number[] | undefined {
    const set = [...row];
    for (const [factor, value] of settings) set[factor] = value;
    if (this.#isGood(set)) return set;
    for (const factor of this.#repairs) {
      if (settings.some(([given]) => given === factor)) continue;
      for (let value = 0; value < (this.#factors[factor]?.size ?? 0); value += 1) {
        const changed = set.with(factor, value);
        if (this.#isGood(changed)) return changed;
      }
    }
    return undefined;
  }

  #grown(row: number[], fixed: readonly number[]): number[] {
    const grown = row;
    const settled = new Set(fixed);
    for (const factor of this.#factors.keys()) {
      if (settled.has(factor)) continue;
      const before = grown[factor] ?? 0;
      const gains = Array.from({ length: this.#factors[factor]?.size ?? 0 }, (_, value) => ({
        value,
        gain: this.#gain(grown, factor, value, settled),
      }));
      const best = gains.filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain);
      for (const { value } of best.slice(0, mostTried)) {
        if (value === before) break;
        grown[factor] = value;
        if (this.#isGood(grown)) break;
        grown[factor] = before;
      }
      settled.add(factor);
    }
    return grown;
  }

  /** Wanted pairs that a value makes with those that are settled; one that is wanted once comes where there are none. */
  #gain(row: readonly number[], factor: number, value: number, settled: ReadonlySet<number>): number {
    let gain = this.#wanted.has(String([factor, value])) ? 0.5 : 0;
    for (const other of settled) {
      const its = row[other] ?? 0;
      const pair = other < factor ? [other, its, factor, value] : [factor, value, other, its];
      if (this.#wanted.has(String(pair))) gain += 1;
    }
    return gain;
  }

  #keep(row: readonly number[]): void {
    this.#rows.push([...row]);
    for (const each of shownBy(row)) this.#wanted.delete(each);
  }
}

/** The pairs and the values of a row, by their names. */
function shownBy(row: readonly number[]): string[] {
  return row.flatMap((a, first) => [
    String([first, a]),
    ...row.slice(first + 1).map((b, gap) => String([first, a, first + 1 + gap, b])),
  ]);
}
