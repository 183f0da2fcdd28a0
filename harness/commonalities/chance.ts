import { countCommon } from './bits.ts';
import type { Literal, Table } from './table.ts';

/**
 * How many combinations of so many values one would expect to fail always although failures fell on cells at
 * random: the number of combinations there are, times the chance that all of `cells` given cells are among the
 * failing ones, C(rows - cells, fails - cells) / C(rows, fails). Below 1 and near 0: it is no accident.
 */
export function expectedByChance(table: Table, size: number, cells: number): number {
  return combinations(table, size) * chanceOfAll(cells, table.fails, table.rows);
}

/** When a combination that always fails is taken for more than an accident. */
export interface Belief {
  readonly table: Table;
  /** Accidents to be expected, below which it is. */
  readonly tolerated: number;
}

/**
 * The combination is no accident, neither in the whole run nor among the cells that fail more often than others
 * already because of a part of it.
 * @param fails how many failing cells have it; all that have it fail
 */
export function isBelieved(
  { table, tolerated }: Belief,
  literals: readonly Literal[],
  fails: number,
): boolean {
  if (expectedByChance(table, literals.length, fails) >= tolerated) return false;
  return parts(literals).every((part) => {
    const among = countOf(part);
    const added = combinations(table, literals.length - part.length);
    return added * chanceOfAll(fails, among.fails, among.fails + among.passes) < tolerated;
  });
}

/** What remains of up to three values when one or two are left out. */
function parts(literals: readonly Literal[]): (readonly Literal[])[] {
  if (literals.length === 1) return [];
  const singles = literals.map((literal) => [literal]);
  if (literals.length === 2) return singles;
  return [...singles, ...literals.map((left) => literals.filter((literal) => literal !== left))];
}

function countOf(part: readonly Literal[]): { readonly fails: number; readonly passes: number } {
  const [first, second = first] = part;
  if (!first || !second) return { fails: 0, passes: 0 };
  return {
    fails: countCommon(first.failing, second.failing),
    passes: countCommon(first.passing, second.passing),
  };
}

/** The chance that `cells` given rows of `rows` are all among `marked` that were drawn at random. */
export function chanceOfAll(cells: number, marked: number, rows: number): number {
  let chance = 1;
  for (let index = 0; index < cells && chance > 0; index += 1) {
    chance *= Math.max(0, marked - index) / (rows - index);
  }
  return chance;
}

/** Ways to choose values of so many different attributes: the elementary symmetric polynomial of their numbers. */
export function combinations({ literals }: Table, size: number): number {
  const ofEach = [...Map.groupBy(literals, ({ rank }) => rank).values()].map((values) => values.length);
  const ways = [1, ...Array<number>(size).fill(0)];
  for (const values of ofEach) {
    for (let taken = size; taken > 0; taken -= 1) {
      ways[taken] = (ways[taken] ?? 0) + (ways[taken - 1] ?? 0) * values;
    }
  }
  return ways[size] ?? 0;
}
