import { type Bits, countCommon } from './bits.ts';
import type { Literal, Table } from './table.ts';

/** Up to so many words of bits are read to count cells; beyond that every combination is taken to have enough, as accidents are rare then. */
const affordable = 3_000_000;

/**
 * How often combinations would fail always although failures fell on cells at random: whether one that does is
 * more than an accident.
 */
export class Chance {
  readonly #table: Table;
  /** For each size, how many combinations so many cells have. */
  readonly #having = new Map<number, ReadonlyMap<number, number>>();
  /** What was asked before, by size and cells. */
  readonly #known = new Map<string, number>();

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * Combinations of this size, of at least so many cells, that one would expect to fail always: for each the chance
   * that all its cells are among the failing ones.
   */
  expected(size: number, cells: number): number {
    const asked = `${size}/${cells}`;
    const expected = this.#known.get(asked) ?? this.#expected(size, cells);
    this.#known.set(asked, expected);
    return expected;
  }

  #expected(size: number, cells: number): number {
    const { fails, rows } = this.#table;
    if (this.#cost(size) > affordable) {
      return combinations(this.#table, size) * chanceOfAll(cells, fails, rows);
    }
    const having = this.#having.get(size) ?? this.#count(size);
    this.#having.set(size, having);
    return sum([...having].map(([each, many]) => (each < cells ? 0 : many * chanceOfAll(each, fails, rows))));
  }

  /** As many cells a combination of one, two and three values has where fewer accidents than `tolerated` are expected. */
  least(tolerated: number): readonly [number, number, number] {
    const leastOf = (size: number) => {
      let cells = 2;
      while (cells <= this.#table.fails && this.expected(size, cells) >= tolerated) cells += 1;
      return cells;
    };
    return [leastOf(1), leastOf(2), leastOf(3)];
  }

  /**
   * The combination is no accident, neither in the whole run nor among the cells that fail more often than others
   * already because of a part of it.
   * @param cells that have it, all of which fail
   * @param tolerated accidents to be expected, below which it is none
   */
  isNone(literals: readonly Literal[], cells: number, tolerated: number): boolean {
    if (this.expected(literals.length, cells) >= tolerated) return false;
    const parts =
      literals.length === 1 ? [] : literals.map((left) => literals.filter((each) => each !== left));
    return parts.every((part) => this.#expectedWithin(part, cells) < tolerated);
  }

  /** Values that one would expect to fail always, of at least so many cells, among those that have a part already. */
  #expectedWithin([first, second = first]: readonly Literal[], cells: number): number {
    if (!first || !second) return 0;
    const fails = countCommon(first.failing, second.failing);
    const rows = fails + countCommon(first.passing, second.passing);
    return sum(
      this.#table.literals.map((literal) => {
        if (literal.rank === first.rank || literal.rank === second.rank) return 0;
        const each = cellsWith(first, second, literal);
        return each < cells ? 0 : chanceOfAll(each, fails, rows);
      }),
    );
  }

  #cost(size: number): number {
    const [word] = this.#table.literals;
    return combinations(this.#table, size) * ((word?.failing.length ?? 0) + (word?.passing.length ?? 0));
  }

  #count(size: number): ReadonlyMap<number, number> {
    const { literals } = this.#table;
    const having = new Map<number, number>();
    const add = (cells: number) => having.set(cells, (having.get(cells) ?? 0) + 1);
    for (const [index, first] of literals.entries()) {
      if (size === 1) add(first.fails + first.passes);
      else {
        for (const [at, second] of literals.entries()) {
          if (at <= index || second.rank === first.rank) continue;
          if (size === 2) add(cellsWith(first, second, second));
          else {
            for (let last = at + 1; last < literals.length; last += 1) {
              const third = literals[last];
              if (third && third.rank !== first.rank && third.rank !== second.rank) {
                add(cellsWith(first, second, third));
              }
            }
          }
        }
      }
    }
    return having;
  }
}

function cellsWith(first: Literal, second: Literal, third: Literal): number {
  const count = (of: (literal: Literal) => Bits) => countCommon(of(first), of(second), of(third));
  return count(({ failing }) => failing) + count(({ passing }) => passing);
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
