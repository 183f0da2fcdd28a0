import { addBit, type Bits, countCommon, noBits } from './bits.ts';
import type { Condition, Row } from './row.ts';

/** One value of one attribute, and the rows that have it. */
export interface Literal {
  readonly condition: Condition;
  /** Position of the attribute: the earlier one is the better name for the same rows. */
  readonly rank: number;
  /** Values of other attributes that exactly the same rows have. */
  readonly alike: readonly Condition[];
  readonly failing: Bits;
  readonly passing: Bits;
  readonly fails: number;
  readonly passes: number;
}

/** Rows by what they have in common. */
export interface Table {
  readonly literals: readonly Literal[];
  /** All failing rows. */
  readonly failing: Bits;
  readonly fails: number;
  readonly rows: number;
}

/**
 * The values that some rows have and others have not: what all have in common tells nothing.
 * @param attributes those to compare by, the best names first
 */
export function tableOf(rows: readonly Row[], attributes: readonly string[]): Table {
  const failing = rows.filter(({ failed }) => failed);
  const passing = rows.filter(({ failed }) => !failed);
  const distinct = new Map<string, Literal>();
  for (const [rank, attribute] of attributes.entries()) {
    for (const [value, sets] of valuesOf(attribute, failing, passing)) {
      const fails = countCommon(sets.failing, sets.failing);
      const passes = countCommon(sets.passing, sets.passing);
      if (fails + passes === rows.length) continue;
      const condition = { attribute, values: [value] };
      const key = `${sets.failing.join()}/${sets.passing.join()}`;
      const same = distinct.get(key);
      distinct.set(
        key,
        same
          ? { ...same, alike: [...same.alike, condition] }
          : { condition, rank, alike: [], ...sets, fails, passes },
      );
    }
  }
  const all = noBits(failing.length);
  for (const index of failing.keys()) addBit(all, index);
  return { literals: [...distinct.values()], failing: all, fails: failing.length, rows: rows.length };
}

function valuesOf(attribute: string, failing: readonly Row[], passing: readonly Row[]) {
  const found = new Map<string, { failing: Bits; passing: Bits }>();
  const setsOf = (value: string) => {
    const known = found.get(value);
    if (known) return known;
    const sets = { failing: noBits(failing.length), passing: noBits(passing.length) };
    found.set(value, sets);
    return sets;
  };
  for (const [index, { values }] of failing.entries()) {
    const value = values[attribute];
    if (value !== undefined) addBit(setsOf(value).failing, index);
  }
  for (const [index, { values }] of passing.entries()) {
    const value = values[attribute];
    if (value !== undefined) addBit(setsOf(value).passing, index);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}
