import type { Clause, Commonality } from './commonality.ts';
import { conditionText } from './consequences.ts';
import type { Condition } from './row.ts';

/** As many clauses as one can take in. */
const shown = 3;
/** So few cells that one should know. */
const few = 5;

/** One sentence; `undefined` where there is nothing to compare that anybody would miss. */
export function commonalityText(found: Commonality): string | undefined {
  const { failing, cells } = found;
  switch (found.kind) {
    case 'no-comparison':
      if (failing < 2) return undefined;
      return `all ${failing} cells that come this far fail: no other shows what sets them apart`;
    case 'exactly':
      return `fails iff ${clausesText(found.clauses)} (${countText(found.clauses, failing)}, and none of the other ${cells - failing})${doubtText(found.clauses)}`;
    case 'unless':
      return `fails unless ${clausesText(found.clauses)} (all ${failing} others fail)${doubtText(found.clauses)}`;
    case 'partly':
      return `always fails when ${clausesText(found.clauses)} (${failing - found.without} of ${failing} failing cells); ${found.without} also ${found.without === 1 ? 'fails' : 'fail'} without it${doubtText(found.clauses)}`;
    case 'only-with':
      return `fails only where ${conditionsText(found.conditions)}: ${failing} of the ${found.having} such cells, and none of the other ${cells - found.having}`;
    case 'nothing':
      return `the ${failing} failing cells have nothing in common: no combination of up to 3 values tells them from the other ${cells - failing}`;
  }
}

function clausesText(clauses: readonly Clause[]): string {
  const [some, more] = [clauses.slice(0, shown), clauses.length - shown];
  const texts = some.map(({ conditions }) =>
    clauses.length > 1 && conditions.length > 1
      ? `(${conditionsText(conditions)})`
      : conditionsText(conditions),
  );
  return `${texts.join(', or ')}${more > 0 ? `, or one of ${more} more combinations` : ''}`;
}

function conditionsText(conditions: readonly Condition[]): string {
  return conditions.map(conditionText).join(' and ');
}

function countText(clauses: readonly Clause[], failing: number): string {
  const [only, ...others] = clauses;
  if (!only || others.length > 0) return `all ${failing} cells`;
  return only.cells <= few ? `only ${only.cells} cells have this` : `all ${only.cells} cells with it`;
}

/** What this run cannot tell apart, and how little it rests on. */
function doubtText(clauses: readonly Clause[]): string {
  const [only, ...others] = clauses;
  const doubt = clauses.some(({ isWeak }) => isWeak) ? '; may be chance' : '';
  if (!only || others.length > 0) return doubt;
  const [alike, ...more] = only.alike;
  if (!alike) return doubt;
  const count =
    more.length === 0
      ? ''
      : `, and ${more.length} more ${more.length === 1 ? 'description' : 'descriptions'}`;
  return `${doubt}; the same cells as ${conditionsText(alike)}${count}`;
}
