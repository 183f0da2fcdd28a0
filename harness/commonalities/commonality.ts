import { type Bits, common, countCommon, isEmpty, without } from './bits.ts';
import { Chance, chanceOfAll, combinations } from './chance.ts';
import type { Condition, Row } from './row.ts';
import { type Belief, type Combination, search } from './search.ts';
import { type Literal, type Table, tableOf } from './table.ts';

/** Every cell that meets all conditions fails; of `unless`, passes. */
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
  /** A cell passes if it meets one of the clauses, and only then. */
  | Found<'unless'>
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
const mostInDoubt = 2;
/** So many can be taken in. */
const readable = 3;

/**
 * The smallest combinations of up to three values that fail always and cover the failing cells; else what every
 * failing cell has in common. Believes what could hardly be an accident,
 * and with doubt one or two that explain all.
 * @param attributes what to compare by, the best names first
 */
export function commonalityOf(rows: readonly Row[], attributes: readonly string[]): Commonality {
  const failing = rows.filter(({ failed }) => failed).length;
  const counts = { failing, cells: rows.length };
  if (failing < 2 || failing === rows.length) return { kind: 'no-comparison', ...counts };
  const table = tableOf(rows, attributes);
  const chance = new Chance(table);
  const chosen = cover(table, chance);
  const rest = restOf(table, chosen);
  const clauses = merged(chosen.map((combination) => clauseOf(chance, combination)));
  if (clauses.length > 0 && isEmpty(rest)) return { kind: 'exactly', ...counts, clauses };
  const unless = failing * 2 > rows.length ? passesOnlyWith(rows, attributes) : undefined;
  if (unless) return { kind: 'unless', ...counts, clauses: [unless] };
  const unexplained = countCommon(rest, rest);
  // What leaves more open than it explains, or takes many words, says less than what all have in common.
  const shared = unexplained * 2 > failing || clauses.length > readable ? onlyWith(table) : undefined;
  if (shared) return shared;
  const isScattered = clauses.length > readable && unexplained * 2 > failing;
  if (clauses.length > 0 && !isScattered) return { kind: 'partly', ...counts, clauses, without: unexplained };
  return { kind: 'nothing', ...counts };
}

/** Where most cells fail: the one combination that explains those that do not. */
function passesOnlyWith(rows: readonly Row[], attributes: readonly string[]): Clause | undefined {
  const table = tableOf(
    rows.map(({ failed, values }) => ({ failed: !failed, values })),
    attributes,
  );
  const chance = new Chance(table);
  const [best, ...others] = search(table, table.failing, beliefIn(chance));
  return best?.covers === table.fails ? clauseOf(chance, { ...best, alike: others }) : undefined;
}

interface Chosen extends Combination {
  readonly alike: readonly Combination[];
}

/**
 * What may be believed; else what explains every failure with one combination or two, and could be met once by
 * accident: to be told with doubt.
 */
function cover(table: Table, chance: Chance): Chosen[] {
  const believed = coverWith(table, beliefIn(chance));
  if (isEmpty(restOf(table, believed))) return believed;
  const doubtful = coverWith(table, {
    least: chance.least(1),
    holds: ({ length }, cells) => chance.expected(length, cells) < 1,
  });
  return doubtful.length <= mostInDoubt && isEmpty(restOf(table, doubtful)) ? doubtful : believed;
}

function beliefIn(chance: Chance): Belief {
  return {
    least: chance.least(tolerated),
    holds: (literals, cells) => chance.isNone(literals, cells, tolerated),
  };
}

/** Again and again the combination that covers most of what is left, as long as it is believed. */
function coverWith(table: Table, belief: Belief): Chosen[] {
  const chosen: Chosen[] = [];
  let left: Bits = table.failing;
  while (chosen.length < mostClauses && !isEmpty(left)) {
    const [best, ...others] = search(table, left, belief);
    if (!best) break;
    chosen.push({ ...best, alike: others.filter((other) => isSame(other, best)) });
    left = without(left, best.failing);
  }
  return needed(chosen);
}

function isSame(one: Combination, another: Combination): boolean {
  return one.fails === another.fails && isEmpty(without(one.failing, another.failing));
}

/** Without those whose cells the others explain, the last first. */
function needed(chosen: readonly Chosen[]): Chosen[] {
  return chosen.reduceRight<Chosen[]>(
    (kept, one) => {
      const others = kept.filter((other) => other !== one);
      const left = others.reduce((cells, { failing }) => without(cells, failing), one.failing);
      return isEmpty(left) ? others : kept;
    },
    [...chosen],
  );
}

/** The failing cells that none of these explains. */
function restOf(table: Table, chosen: readonly Combination[]): Bits {
  return chosen.reduce((left, { failing }) => without(left, failing), table.failing);
}

function clauseOf(chance: Chance, { literals, fails, alike }: Chosen): Clause {
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
    isWeak: chance.expected(literals.length, fails) >= plain,
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
