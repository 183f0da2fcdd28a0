import type { Check, Outcome, RuleReference } from '../expectation.ts';
import type { Reason, Stage } from '../stage.ts';
import type { CellFacts } from './facts.ts';
import { entryOf, type RuleId } from './table/table.ts';

/**
 * One rule of the table as code: when it applies, what must happen then. Who says so stands in the table, under the
 * same id. A rule never bends to what a run printed.
 */
export interface Rule extends RuleReference {
  readonly when: (facts: CellFacts) => boolean;
  readonly outcome: (facts: CellFacts) => Outcome;
  readonly checks: (facts: CellFacts) => readonly Check[];
  /** The documents contradict each other in this cell; `outcome` is then the reading that the peers play. */
  readonly disputed: (facts: CellFacts) => boolean;
  /** With which first messages the rule is about a client; most are about IKE. */
  readonly beginnings: readonly Beginning[];
  /** Says where client and responder stand; every connecting cell needs such a rule. */
  readonly isAboutPlacement: boolean;
}

/** What leaves a client first when it dials. */
export type Beginning = 'ike' | 'clear-l2tp' | 'nothing';

interface Written {
  readonly when: Rule['when'];
  readonly outcome: Outcome | Rule['outcome'];
  readonly checks?: Rule['checks'];
  readonly disputed?: Rule['disputed'];
  readonly beginnings?: Rule['beginnings'];
  readonly isAboutPlacement?: true;
}

/** The rule of this id in the table. */
export function rule(id: RuleId, written: Written): Rule {
  const { source, confidence } = entryOf(id);
  return ruleBy({ id, source: source.join('; '), confidence }, written);
}

/** A rule by somebody who is in no table. */
export function ruleBy(reference: RuleReference, { outcome, checks, disputed, ...written }: Written): Rule {
  return {
    ...reference,
    when: written.when,
    outcome: typeof outcome === 'function' ? outcome : () => outcome,
    checks: checks ?? (() => []),
    disputed: disputed ?? (() => false),
    beginnings: written.beginnings ?? ['ike'],
    isAboutPlacement: written.isAboutPlacement ?? false,
  };
}

export const connect: Outcome = { kind: 'connect' };

export function stop(stage: Stage, reason: Reason): Outcome {
  return { kind: 'stop', stage, reason };
}
