import {
  clientIsBehindNat,
  common,
  isReached,
  message4Comes,
  message5Arrives,
  natIsInThePath,
  phase1IsAgreed,
  responderIsBehindNat,
  responderLooksNatted,
  sharesNatTraversal,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { withoutKey, wrongKey } from '../key-outcomes.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** What a Windows client does with a responder that looks NATed and that its rule does not allow. */
function refusal({ client }: CellFacts) {
  const stopsEarly = client.natRule?.family === 'xp-sp2' && client.natRule.reading === 'a';
  return stopsEarly ? stop('nat-detection', 'nat-refused') : stop('esp', 'esp-never-sent');
}

/** Value 2 without effect is WIN-11's. */
function ruleIs(value: 0 | 1 | 2) {
  return ({ client: { natRule } }: CellFacts) =>
    natRule?.value === value && natRule.withoutEffect === undefined;
}

/** NAT-D travels in messages 3 and 4: main mode must not have ended before. */
function sees(facts: CellFacts): boolean {
  return responderLooksNatted(facts) && isReached(facts) && message4Comes(facts);
}

const isXp = ({ client }: CellFacts) => client.natRule?.family === 'xp-sp2';
const isBeforeTheRule = ({ client }: CellFacts) => client.windows === true && client.natRule === undefined;

/** AssumeUDPEncapsulationContextOnSendRule, called the rule here. */
export const windowsRules: readonly Rule[] = [
  rule('WIN-1', {
    when: (facts) => ruleIs(0)(facts) && sees(facts),
    outcome: refusal,
    disputed: isXp,
  }),
  rule('WIN-2', {
    when: (facts) => ruleIs(1)(facts) && responderLooksNatted(facts) && !clientIsBehindNat(facts),
    outcome: connect,
  }),
  rule('WIN-3', {
    when: (facts) => ruleIs(1)(facts) && sees(facts) && clientIsBehindNat(facts),
    outcome: refusal,
    disputed: isXp,
  }),
  rule('WIN-4', {
    when: (facts) => ruleIs(2)(facts) && responderLooksNatted(facts),
    outcome: connect,
  }),
  rule('WIN-5', {
    when: (facts) => ruleIs(0)(facts) && clientIsBehindNat(facts) && !responderIsBehindNat(facts),
    outcome: connect,
  }),
  rule('WIN-6', {
    // Windows 2000, XP and XP SP1 with KB 818043: NAT-T, and no rule about the responder.
    when: (facts) => isBeforeTheRule(facts) && responderLooksNatted(facts),
    outcome: connect,
  }),
  rule('WIN-7', {
    when: (facts) =>
      isBeforeTheRule(facts) &&
      facts.client.natTraversal.length === 0 &&
      !natIsInThePath(facts) &&
      facts.responder.ports.rport !== undefined,
    outcome: connect,
  }),
  rule('WIN-8', {
    when: (facts) => isVistaOrLater(facts) && has3desSha1Group2(facts),
    outcome: connect,
    checks: () => [
      { check: 'phase1-transform', transform: '3des-sha1-modp1024' },
      { check: 'phase2-transform', transform: '3des-sha1' },
    ],
  }),
  rule('WIN-9', {
    when: (facts) => facts.responder.server === 'windows-2003' && isUpdated(facts),
    outcome: connect,
    checks: ({ responder }) => {
      const [transform] = common(['3des-sha1-modp2048', '3des-sha1-modp1024'], responder.phase1 ?? []);
      return transform === undefined ? [] : [{ check: 'phase1-transform', transform }];
    },
  }),
  rule('WIN-10', {
    // Reading a: the router refuses the key. Reading b: it takes it, and what matters is what each end makes of it.
    when: (facts) => facts.credentials.keyIsSpecial === true && isReached(facts),
    outcome: (facts) => {
      if (!phase1IsAgreed(facts)) return connect;
      if (facts.responder.keyIsMissing === 'refused') return withoutKey;
      const differs = !facts.credentials.preSharedKeysAgree && message4Comes(facts) && message5Arrives(facts);
      return differs ? wrongKey(facts) : connect;
    },
    disputed: () => true,
    checks: ({ client }) => (client.warnsOfKey ? [{ check: 'key-warning' }] : []),
  }),
  rule('WIN-11', {
    when: (facts) => facts.client.natRule?.withoutEffect !== undefined && sees(facts),
    outcome: refusal,
    disputed: isXp,
  }),
  rule('WIN-12', {
    beginnings: ['nothing'],
    when: ({ impairment }) => impairment?.name === 'service-stopped',
    outcome: stop('reach', 'nothing-sent'),
  }),
  rule('WIN-13', {
    // Reading b is played by a server without NAT-T, whose quick mode compares addresses.
    when: (facts) =>
      facts.responder.server === 'windows-2000' && isUpdated(facts) && clientIsBehindNat(facts),
    outcome: (facts) => (sharesNatTraversal(facts) ? connect : stop('phase2', 'id-mismatch')),
    disputed: () => true,
  }),
];

const isVistaOrLater = ({ client }: CellFacts) => client.natRule?.family === 'vista';
/** XP or 2000 with KB 818043, which brought draft 02 and group 14. */
const isUpdated = ({ client }: CellFacts) =>
  client.windows === true &&
  client.natTraversal.includes('draft-02n') &&
  client.phase1.includes('3des-sha1-modp2048') &&
  client.natRule?.family !== 'vista';

function has3desSha1Group2({ responder: { phase1, phase2 } }: CellFacts): boolean {
  return phase1?.length === 1 && phase1[0] === '3des-sha1-modp1024' && phase2?.[0] === '3des-sha1';
}
