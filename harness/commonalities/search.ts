import { areDisjoint, type Bits, common, countCommon } from './bits.ts';
import type { Literal, Table } from './table.ts';

/** Values of which every cell that has them all fails, and of which none can be left out. */
export interface Combination {
  readonly literals: readonly Literal[];
  readonly failing: Bits;
  /** Failing cells that have them all; those of them that `wanted` names. */
  readonly fails: number;
  readonly covers: number;
}

/** Whether what always fails is more than an accident. */
export interface Belief {
  /** Cells that a combination of one, two and three values needs before it is looked at. */
  readonly least: readonly [number, number, number];
  readonly holds: (literals: readonly Literal[], cells: number) => boolean;
}

/** What a better combination has to beat, and all that are as good. */
interface Best {
  covers: number;
  size: number;
  found: Combination[];
  readonly belief: Belief;
}

/**
 * The combinations of up to three values that always fail and cover most of the `wanted` failing cells; of those
 * the smallest. Several cover the same cells where the run cannot tell them apart, the best names first.
 */
export function search(table: Table, wanted: Bits, belief: Belief): Combination[] {
  const best: Best = { covers: 1, size: 0, found: [], belief };
  const [, ofTwo, ofThree] = belief.least;
  const impure: { literal: Literal; covers: number }[] = [];
  for (const literal of table.literals) {
    const covers = countCommon(literal.failing, wanted);
    if (literal.passes > 0) {
      if (covers > 1 && literal.fails >= Math.min(ofTwo, ofThree)) impure.push({ literal, covers });
    } else offer(best, [literal], covers);
  }
  impure.sort((a, b) => b.covers - a.covers);
  const pairs = impurePairs(best, impure, wanted);
  triples(best, impure, pairs, wanted);
  return best.found.toSorted(byName);
}

interface Pair {
  readonly first: Literal;
  readonly second: Literal;
  /** Where in the list of impure values its own partners begin. */
  readonly next: number;
  readonly covers: number;
}

/** Offers the pairs that always fail; gives those that do not, for a third value to be added. */
function impurePairs(
  best: Best,
  impure: readonly { literal: Literal; covers: number }[],
  wanted: Bits,
): Pair[] {
  const [, ofTwo, ofThree] = best.belief.least;
  const pairs: Pair[] = [];
  for (const [index, { literal: first }] of impure.entries()) {
    for (let at = index + 1; at < impure.length; at += 1) {
      const second = impure[at];
      if (!second || isBeaten(best, second.covers, 2)) break;
      if (second.literal.rank === first.rank) continue;
      const covers = countCommon(first.failing, second.literal.failing, wanted);
      if (isBeaten(best, covers, 2)) continue;
      const fails = countCommon(first.failing, second.literal.failing);
      if (!areDisjoint(first.passing, second.literal.passing)) {
        if (fails >= ofThree) pairs.push({ first, second: second.literal, next: at + 1, covers });
      } else if (fails >= ofTwo) offer(best, [first, second.literal], covers);
    }
  }
  return pairs.sort((a, b) => b.covers - a.covers);
}

function triples(
  best: Best,
  impure: readonly { literal: Literal; covers: number }[],
  pairs: readonly Pair[],
  wanted: Bits,
): void {
  const [, , ofThree] = best.belief.least;
  for (const { first, second, next, covers: ofPair } of pairs) {
    if (isBeaten(best, ofPair, 3)) break;
    for (let at = next; at < impure.length; at += 1) {
      const third = impure[at];
      if (!third || isBeaten(best, third.covers, 3)) break;
      const { literal } = third;
      if (literal.fails < ofThree) continue;
      if (literal.rank === first.rank || literal.rank === second.rank) continue;
      if (!areDisjoint(first.passing, second.passing, literal.passing)) continue;
      // Two of them that always fail need no third.
      if (areDisjoint(first.passing, literal.passing) || areDisjoint(second.passing, literal.passing))
        continue;
      const covers = countCommon(first.failing, second.failing, literal.failing, wanted);
      if (isBeaten(best, covers, 3)) continue;
      offer(best, [first, second, literal], covers);
    }
  }
}

function isBeaten({ covers, size }: Best, by: number, ofSize: number): boolean {
  return by < covers || (by === covers && ofSize > size);
}

function offer(best: Best, literals: readonly Literal[], covers: number): void {
  const { belief } = best;
  if (covers < 2 || isBeaten(best, covers, literals.length)) return;
  const failing = literals.map((literal) => literal.failing).reduce(common);
  const combination = { literals, failing, fails: countCommon(failing, failing), covers };
  if (!belief.holds(literals, combination.fails)) return;
  const isBetter = covers > best.covers || literals.length < best.size;
  if (isBetter) best.found = [];
  best.covers = covers;
  best.size = literals.length;
  best.found.push(combination);
}

/** By the names of the attributes, and then of the values: the order in which rows come decides nothing. */
function byName(a: Combination, b: Combination): number {
  const [first, second] = [a, b].map(({ literals }) =>
    literals.map(({ rank }) => rank).sort((x, y) => x - y),
  );
  for (const [index, rank] of (first ?? []).entries()) {
    const difference = rank - (second?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return valuesText(a) < valuesText(b) ? -1 : 1;
}

function valuesText({ literals }: Combination): string {
  return literals
    .map(({ condition }) => `${condition.attribute}=${condition.values.join()}`)
    .sort()
    .join('/');
}
