import { CrossnatError } from '../error.ts';
import { type Check, type Expectation, type Outcome, outcomeText } from '../expectation.ts';
import { type Stage, stageIndex } from '../stage.ts';
import type { CellFacts } from './facts.ts';
import type { Beginning, Rule } from './rule.ts';
import { clientRules } from './rules/clients.ts';
import { filteringRules } from './rules/filtering.ts';
import { holdRules } from './rules/hold.ts';
import { impairmentRules } from './rules/impairments.ts';
import { lifeRules } from './rules/life.ts';
import { placementRules } from './rules/placement.ts';
import { portRules } from './rules/ports.ts';
import { pppRules } from './rules/ppp.ts';
import { proposalRules } from './rules/proposals.ts';
import { scriptRules } from './rules/script.ts';
import { windowsRules } from './rules/windows.ts';

/** Every rule that is built, in the order in which records name them. */
export const ruleTable: readonly Rule[] = [
  ...placementRules,
  ...holdRules,
  ...filteringRules,
  ...scriptRules,
  ...windowsRules,
  ...portRules,
  ...proposalRules,
  ...lifeRules,
  ...pppRules,
  ...clientRules,
  ...impairmentRules,
];

/** A client without IPsec, or whose IPsec service is stopped, never gets to what most rules are about. */
function beginningOf({ client, impairment }: CellFacts): Beginning {
  if (impairment?.name === 'service-stopped') return 'nothing';
  return client.withoutIpsec ? 'clear-l2tp' : 'ike';
}

type Stop = Extract<Outcome, { kind: 'stop' }>;

/**
 * What the rule table says of a cell. The earliest stop wins; a cell connects where no rule stops it.
 * Throws CrossnatError `bad-data` where two rules contradict each other, and where no rule speaks of the
 * cell's placement: no expectation is better than one that nobody stands for.
 *
 * @param cell names it in that error
 */
export function expectationFor(
  facts: CellFacts,
  table: readonly Rule[] = ruleTable,
  cell = 'a cell',
): Expectation {
  const bad = (found: string, remedy: string) => badTable(cell, found, remedy);
  const applying = table
    .filter((rule) => rule.beginnings.includes(beginningOf(facts)) && rule.when(facts))
    .map((rule) => ({ rule, outcome: rule.outcome(facts) }));
  const stops = applying.flatMap(({ rule, outcome }) => (outcome.kind === 'stop' ? [{ rule, outcome }] : []));
  const decision = earliest(stops, bad);
  if (decision === undefined && !applying.some(({ rule }) => rule.isAboutPlacement)) {
    throw bad('no rule speaks of where client and responder stand', 'Add the rule that covers the cell');
  }
  const deciding = applying.filter(({ outcome }) =>
    decision === undefined ? outcome.kind === 'connect' : isSame(outcome, decision),
  );
  // What connecting rules check before the stop still holds; who decided is who stopped it, and says how it shows.
  const heard = applying.filter(
    ({ outcome }) => outcome.kind === 'connect' || (decision !== undefined && isSame(outcome, decision)),
  );
  const checks = agreed(
    heard.map(({ rule }) => rule),
    facts,
    bad,
  ).filter((check) => decision === undefined || isKnownBefore(check, decision));
  return {
    outcome: decision ?? { kind: 'connect' },
    checks,
    rules: deciding.map(({ rule: { id, source, confidence } }) => ({ id, source, confidence })),
    disputed: deciding.some(({ rule }) => rule.disputed(facts)),
  };
}

/** The stop that comes first; two different ones at the same stage are an error of the table. */
function earliest(
  stops: readonly { readonly rule: Rule; readonly outcome: Stop }[],
  bad: Objection,
): Stop | undefined {
  const [first] = [...stops].sort((a, b) => stageIndex(a.outcome.stage) - stageIndex(b.outcome.stage));
  if (first === undefined) return undefined;
  const rival = stops.find(
    ({ outcome }) => outcome.stage === first.outcome.stage && outcome.reason !== first.outcome.reason,
  );
  if (rival === undefined) return first.outcome;
  const both = [first, rival].map(({ rule, outcome }) => `${rule.id} says ${outcomeText(outcome)}`);
  throw bad(both.join(' and '), 'Narrow one of the rules, or name both as readings of a disputed one');
}

function isSame(outcome: Outcome, decision: Stop): boolean {
  return outcome.kind === 'stop' && outcome.stage === decision.stage && outcome.reason === decision.reason;
}

/** The checks of all rules, each once. Two that ask for different values of one thing contradict each other. */
function agreed(rules: readonly Rule[], facts: CellFacts, bad: Objection): Check[] {
  const found = new Map<Check['check'], { readonly check: Check; readonly id: string }>();
  for (const rule of rules) {
    for (const check of rule.checks(facts)) {
      const other = found.get(check.check);
      if (other === undefined) found.set(check.check, { check, id: rule.id });
      else if (JSON.stringify(other.check) !== JSON.stringify(check)) {
        throw bad(`${other.id} and ${rule.id} check ${check.check} differently`, 'Correct one of the rules');
      }
    }
  }
  for (const [one, another] of exclusive) {
    const [first, second] = [found.get(one), found.get(another)];
    if (first && second)
      throw bad(`${first.id} checks ${one} and ${second.id} ${another}`, 'Correct one of the rules');
  }
  return [...found.values()].map(({ check }) => check);
}

const exclusive = [
  ['esp-in-udp', 'esp-as-protocol-50'],
  ['inner-address', 'inner-address-in-pool'],
] as const;

/** What a check is about that holds although the connection stopped: a step that was completed before. */
const knownAfter: Partial<Record<Check['check'], Stage | 'dialling'>> = {
  'clear-l2tp-unanswered': 'dialling',
  // Messages 3 and 4 of main mode may be read although main mode fails.
  'nat-seen': 'reach',
  // Said before anything is sent.
  'key-warning': 'reach',
  // Of the stop itself.
  'refusal-told': 'reach',
  'phase1-transform': 'phase1',
  'port-float': 'phase1',
  'phase2-transform': 'phase2',
};

function isKnownBefore({ check }: Check, decision: Stop): boolean {
  const step = knownAfter[check];
  if (step === 'dialling') return true;
  return step !== undefined && stageIndex(step) < stageIndex(decision.stage);
}

type Objection = (found: string, remedy: string) => CrossnatError;

function badTable(cell: string, found: string, remedy: string): CrossnatError {
  const doing = `asking the rule table what must happen in ${cell}`;
  return new CrossnatError('bad-data', { doing, found, remedy });
}
