import type { Check, Outcome, RuleReference } from '../expectation.ts';
import type { Reason, Stage } from '../stage.ts';
import type { CellFacts } from './facts.ts';

/**
 * One rule of the table: when it applies, what must happen then, and who says so. Ids are stable.
 * A rule never bends to what a run printed.
 */
export interface Rule extends RuleReference {
  /** What the rule is about; every connecting cell needs a rule about its placement. */
  readonly about:
    | 'placement'
    | 'script'
    | 'windows'
    | 'ports'
    | 'proposals'
    | 'wire'
    | 'ppp'
    | 'clients'
    | 'impairments';
  readonly when: (facts: CellFacts) => boolean;
  readonly outcome: (facts: CellFacts) => Outcome;
  readonly checks: (facts: CellFacts) => readonly Check[];
  /** The documents contradict each other in this cell; `outcome` is then the reading that the peers play. */
  readonly disputed: (facts: CellFacts) => boolean;
}

interface Written extends RuleReference {
  readonly about: Rule['about'];
  readonly when: Rule['when'];
  readonly outcome: Outcome | Rule['outcome'];
  readonly checks?: Rule['checks'];
  readonly disputed?: Rule['disputed'];
}

export function rule({ outcome, checks, disputed, ...written }: Written): Rule {
  return {
    ...written,
    outcome: typeof outcome === 'function' ? outcome : () => outcome,
    checks: checks ?? (() => []),
    disputed: disputed ?? (() => false),
  };
}

export const connect: Outcome = { kind: 'connect' };

export function stop(stage: Stage, reason: Reason): Outcome {
  return { kind: 'stop', stage, reason };
}

/** Public titles of the sources; docs/sources.md tells more of each. */
export const source = {
  howTo: 'AlliedWare How-To C613-16034-00 REV E',
  sans: 'Remote Access IPSec VPNs: Pros and Cons of 2 Common Clients',
  kb818043: 'IPSec Enhancements for Windows XP and Win2K',
  vpnPost: 'VPN Setup with L2TP & IPSEC',
  natArticle: 'Using NAT with L2TP over IPSec',
  fieldFacts: 'field facts',
} as const;
