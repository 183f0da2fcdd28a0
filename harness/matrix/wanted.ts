/** One axis as a search for rows sees it. Values are numbered from 0. */
export interface Factor {
  readonly size: number;
  /** Of which pairs are wanted; the other values are wanted once each. */
  readonly representatives: ReadonlySet<number>;
  /** Of these a row shows nothing but pairs with the value itself. */
  readonly masking: ReadonlySet<number>;
}

/** Factor, value, factor, value. */
export type Pair = readonly [first: number, a: number, second: number, b: number];

/** A factor with a value of it. */
export type Setting = readonly [factor: number, value: number];

/** What rows are to show. */
export interface Wanted {
  readonly pairs: readonly Pair[];
  /** Each in any row. */
  readonly values: readonly Setting[];
}

export interface Covering {
  readonly rows: readonly (readonly number[])[];
  /** Of what was wanted, what no row can have. */
  readonly impossible: Wanted;
}

/** Every pair of representatives, and every value once. */
export function everything(factors: readonly Factor[]): Wanted {
  const pairs: Pair[] = [];
  for (const [first, one] of factors.entries()) {
    for (let second = first + 1; second < factors.length; second += 1) {
      for (const a of one.representatives) {
        for (const b of factors[second]?.representatives ?? []) pairs.push([first, a, second, b]);
      }
    }
  }
  const values = factors.flatMap(({ size }, factor) =>
    Array.from({ length: size }, (_, value): Setting => [factor, value]),
  );
  return { pairs, values };
}
