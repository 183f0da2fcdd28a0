import { type Bits, common, countCommon, isEmpty, union, without } from './bits.ts';
import { chanceOfAll, combinations, expectedByChance } from './chance.ts';
import type { Condition, Row } from './row.ts';
import { type Combination, search } from './search.ts';
import { type Literal, type Table, tableOf } from './table.ts';

/** Every cell that meets all conditions fails. */
export interface Clause {
  readonly conditions: readonly Condition[];
  /** Cells that meet them. */
  readonly cells: number;
  /** What this run cannot tell from it: other conditions that the same cells meet. */
  readonly alike: readonly (readonly Condition[])[];
  /** So few cells that it may be an accident. */
  readonly isWeak: boolean;
}

/** What the failing ones of a run's cells have in common. */
export type Commonality =
  /** Nothing to compare: one cell failed, or none passed. */
  | { readonly kind: 'no-comparison'; readonly failing: number; readonly cells: number }
  /** A cell fails if it meets one of the clauses, and only then. */
  | Found<'exactly'>
  /** Cells that meet one of the clauses fail always; others fail, too: `without` of them. */
  | (Found<'partly'> & { readonly without: number })
  /** Every failing cell meets the conditions; `having` cells do. */
  | {
      readonly kind: 'only-with';
      readonly failing: number;
      readonly cells: number;
      readonly conditions: readonly Condition[];
      readonly having: number;
    }
  | { readonly kind: 'nothing'; readonly failing: number; readonly cells: number };

interface Found<Kind> {
  readonly kind: Kind;
  readonly failing: number;
  readonly cells: number;
  /** Those that explain most first. */
  readonly clauses: readonly Clause[];
}

/** Expected accidents above which nothing is said, and above which it is said with doubt. */
const tolerated = 0.05;
const plain = 0.01;
/** More than this explain nothing to anybody. */
const mostClauses = 16;

/**
 * The smallest combinations of up to three values that fail always and cover the failing cells; else what every
 * failing cell has in common. Believes what could hardly be an accident, and a single combination that explains all.
 * @param attributes what to compare by, the best names first
 */
export function commonalityOf(rows: readonly Row[], attributes: readonly string[]): Commonality {
  const failing = rows.filter(({ failed }) => failed).length;
  const counts = { failing, cells: rows.length };
  if (failing < 2 || failing === rows.length) return { kind: 'no-comparison', ...counts };
  const table = tableOf(rows, attributes);
  const chosen = cover(table);
  const rest = chosen.reduce((left, { failing: covered }) => without(left, covered), table.failing);
  const clauses = merged(chosen.map((combination) => clauseOf(table, combination)));
  if (clauses.length > 0 && isEmpty(rest)) return { kind: 'exactly', ...counts, clauses };
  const unexplained = countCommon(rest, rest);
  // What explains less than it leaves open says less than what all have in common.
  const shared = unexplained * 2 > failing ? onlyWith(table) : undefined;
  if (shared) return shared;
  if (clauses.length > 0) return { kind: 'partly', ...counts, clauses, without: unexplained };
  return { kind: 'nothing', ...counts };
}

interface Chosen extends Combination {
  readonly alike: readonly Combination[];
}

/** Again and again the combination that covers most of what is left, as long as it is believed. */
function cover(table: Table): Chosen[] {
  const chosen: Chosen[] = [];
  let left: Bits = table.failing;
  while (chosen.length < mostClauses && !isEmpty(left)) {
    const found = chosen.length === 0 ? first(table) : search(table, left, { table, tolerated });
    const [best, ...others] = found;
    if (!best) break;
    const alike = others.filter((other) => isEmpty(without(other.failing, best.failing)));
    chosen.push({ ...best, alike });
    left = without(left, best.failing);
  }
  return chosen.filter((one) => !isCovered(one, chosen));
}

/** One that explains every failure needs fewer cells to be told, with doubt. */
function first(table: Table): Combination[] {
  const believed = search(table, table.failing, { table, tolerated });
  if (believed[0]?.covers === table.fails) return believed;
  const all = search(table, table.failing, { table, tolerated: 1 });
  return all[0]?.covers === table.fails ? all : believed;
}

/** Others explain all that this one does. An equal one that comes earlier stays. */
function isCovered(one: Chosen, chosen: readonly Chosen[]): boolean {
  const others = chosen.filter((other) => other !== one).map(({ failing }) => failing);
  const [some, ...more] = others;
  return some !== undefined && isEmpty(without(one.failing, more.reduce(union, some)));
}

function clauseOf(table: Table, { literals, fails, alike }: Chosen): Clause {
  const ordered = literals.toSorted((a, b) => a.rank - b.rank);
  return {
    conditions: ordered.map(({ condition }) => condition),
    cells: fails,
    alike: [
      ...otherNames(ordered),
      ...alike.map((other) =>
        other.literals.toSorted((a, b) => a.rank - b.rank).map(({ condition }) => condition),
      ),
    ],
    isWeak: expectedByChance(table, literals.length, fails) >= plain,
  };
}

/** The same conditions with one said in the words of another attribute. */
function otherNames(literals: readonly Literal[]): Condition[][] {
  return literals.flatMap((literal) =>
    literal.alike.map((name) => literals.map((each) => (each === literal ? name : each.condition))),
  );
}

/** Clauses that differ in the value of one attribute become one with several values. */
function merged(clauses: readonly Clause[]): Clause[] {
  const result: Clause[] = [];
  for (const clause of clauses) {
    const at = result.findIndex((other) => differingAttribute(other, clause) !== undefined);
    const other = result[at];
    if (!other) result.push(clause);
    else result[at] = joined(other, clause);
  }
  return result.sort((a, b) => b.cells - a.cells);
}

function differingAttribute(one: Clause, another: Clause): string | undefined {
  if (one.conditions.length !== another.conditions.length) return undefined;
  const differing = one.conditions.filter(
    ({ attribute, values }, index) =>
      another.conditions[index]?.attribute !== attribute ||
      another.conditions[index].values.join() !== values.join(),
  );
  const [only] = differing;
  const isShared = another.conditions.some(({ attribute }) => attribute === only?.attribute);
  return differing.length === 1 && isShared ? only?.attribute : undefined;
}

function joined(one: Clause, another: Clause): Clause {
  return {
    conditions: one.conditions.map(({ attribute, values }, index) => ({
      attribute,
      values: [...new Set([...values, ...(another.conditions[index]?.values ?? [])])].sort(),
    })),
    cells: one.cells + another.cells,
    alike: [],
    isWeak: one.isWeak && another.isWeak,
  };
}

/** Up to three values that every failing cell has, each of which leaves fewer cells that pass. */
function onlyWith(table: Table): Commonality | undefined {
  const shared = table.literals.filter(({ fails }) => fails === table.fails);
  const taken: Literal[] = [];
  let passing: Bits | undefined;
  while (taken.length < 3) {
    const before: Bits | undefined = passing;
    const left = ({ passing: own }: Literal) => countCommon(own, before ?? own);
    const [best] = shared
      .filter((literal) => !taken.includes(literal))
      .toSorted((a, b) => left(a) - left(b) || a.rank - b.rank);
    if (!best || (before && left(best) === countCommon(before, before))) break;
    taken.push(best);
    passing = before ? common(before, best.passing) : best.passing;
  }
  if (!passing) return undefined;
  const having = table.fails + countCommon(passing, passing);
  // The chance that all failures fall on these cells, as often as there are such combinations.
  const accidents = combinations(table, taken.length) * chanceOfAll(table.fails, having, table.rows);
  if (accidents >= tolerated) return undefined;
  const conditions = taken.toSorted((a, b) => a.rank - b.rank).map(({ condition }) => condition);
  return { kind: 'only-with', failing: table.fails, cells: table.rows, conditions, having };
}
