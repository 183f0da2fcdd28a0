import {
  clientIsBehindNat,
  natIsInThePath,
  phase1IsAgreed,
  responderIsBehindNat,
  responderLooksNatted,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, source, stop } from '../rule.ts';

/** What a Windows client does with a responder that looks NATed and that its rule does not allow. */
function refusal({ client }: CellFacts) {
  const stopsEarly = client.natRule?.family === 'xp-sp2' && client.natRule.reading === 'a';
  return stopsEarly ? stop('nat-detection', 'nat-refused') : stop('esp', 'esp-never-sent');
}

function ruleIs(value: 0 | 1 | 2) {
  return ({ client }: CellFacts) => client.natRule?.value === value;
}

/** NAT-D travels in messages 3 and 4: main mode must not have ended before. */
function sees(facts: CellFacts): boolean {
  return responderLooksNatted(facts) && phase1IsAgreed(facts);
}

const isXp = ({ client }: CellFacts) => client.natRule?.family === 'xp-sp2';
const isBeforeTheRule = ({ client }: CellFacts) => client.windows === true && client.natRule === undefined;
const refusing = `${source.howTo} (registry value 0); KB 885407; ${source.fieldFacts} C2`;

/** AssumeUDPEncapsulationContextOnSendRule, called the rule here. */
export const windowsRules: readonly Rule[] = [
  rule({
    id: 'WIN-1',
    about: 'windows',
    when: (facts) => ruleIs(0)(facts) && sees(facts),
    outcome: refusal,
    disputed: isXp,
    source: refusing,
    confidence: 'V',
  }),
  rule({
    id: 'WIN-2',
    about: 'windows',
    when: (facts) => ruleIs(1)(facts) && responderLooksNatted(facts) && !clientIsBehindNat(facts),
    outcome: connect,
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'WIN-3',
    about: 'windows',
    when: (facts) => ruleIs(1)(facts) && sees(facts) && clientIsBehindNat(facts),
    outcome: refusal,
    disputed: isXp,
    source: `${source.fieldFacts} C1; ${source.howTo}`,
    confidence: 'D',
  }),
  rule({
    id: 'WIN-4',
    about: 'windows',
    when: (facts) => ruleIs(2)(facts) && responderLooksNatted(facts),
    outcome: connect,
    source: `${source.howTo}; ${source.vpnPost}`,
    confidence: 'V',
  }),
  rule({
    id: 'WIN-5',
    about: 'windows',
    when: (facts) => ruleIs(0)(facts) && clientIsBehindNat(facts) && !responderIsBehindNat(facts),
    outcome: connect,
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    // Windows 2000, XP and XP SP1 with KB 818043: NAT-T, and no rule about the responder.
    id: 'WIN-6',
    about: 'windows',
    when: (facts) => isBeforeTheRule(facts) && responderLooksNatted(facts),
    outcome: connect,
    source: `KB 885407; ${source.kb818043}`,
    confidence: 'V',
  }),
  rule({
    id: 'WIN-7',
    about: 'windows',
    when: (facts) =>
      isBeforeTheRule(facts) &&
      facts.client.natTraversal.length === 0 &&
      !natIsInThePath(facts) &&
      facts.responder.ports.rport !== undefined,
    outcome: connect,
    source: source.howTo,
    confidence: 'V',
  }),
];
