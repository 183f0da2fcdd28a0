import {
  checksumIsWrong,
  clientIsBehindNat,
  common,
  exchangeIsAgreed,
  floats,
  isReached,
  message4Comes,
  phase1IsAgreed,
  phase2IsAgreed,
  scriptLetsIn,
  sharesNatTraversal,
} from '../derived.ts';
import type { CellFacts, ScriptFacts } from '../facts.ts';
import { withoutKey } from '../key-outcomes.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** A cell whose responder has an AlliedWare script of which this holds. */
const scriptSays = (says: (script: ScriptFacts) => boolean) => (facts: CellFacts) =>
  facts.responder.script !== undefined && says(facts.responder.script);

const lacksPermit = scriptSays(({ permits }) => permits.length < 3);
const lacksRule = scriptSays(({ rules }) => rules.length < 3);

/** Of what would have let IKE in something is missing: message 1 or message 5 is not read, or it makes no difference. */
function withoutLine(facts: CellFacts, what: 'permits' | 'rules') {
  const { script } = facts.responder;
  if (script === undefined) return connect;
  const all: ScriptFacts = { ...script, permits: ['isakmp', 'isakmp_float', 'internet'], rules: [1, 2, 3] };
  const lacking = { ...all, [what]: script[what] };
  if (!scriptLetsIn(lacking, 500)) return stop('reach', 'no-answer');
  if (floats(facts) && message4Comes(facts) && !scriptLetsIn(lacking, 4500))
    return stop('phase1', 'no-answer');
  return what === 'rules' && !script.rules.includes(3) && !checksumIsWrong(facts)
    ? stop('l2tp-tunnel', 'no-answer')
    : connect;
}

/** The AlliedWare script, line by line. */
export const scriptRules: readonly Rule[] = [
  rule('AW-1', { when: lacksPermit, outcome: (facts) => withoutLine(facts, 'permits') }),
  rule('AW-2', { when: lacksRule, outcome: (facts) => withoutLine(facts, 'rules') }),
  rule('AW-3', {
    when: (facts) => facts.responder.keyIsMissing === 'lost' && isReached(facts) && phase1IsAgreed(facts),
    outcome: withoutKey,
  }),
  rule('AW-4', {
    when: (facts) => scriptSays(({ has3des }) => !has3des)(facts) && exchangeIsAgreed(facts),
    outcome: (facts) => {
      if (!phase1IsAgreed(facts)) return stop('phase1', 'no-proposal-chosen');
      return phase2IsAgreed(facts) ? connect : stop('phase2', 'no-proposal-chosen');
    },
    // The defaults of phase 1 rest on recollection (AW-6).
    disputed: (facts) => !phase1IsAgreed(facts),
    checks: ({ client, responder }) => {
      const [first = ''] = responder.phase2 ?? [];
      const isPrinted = first === 'des-sha1' && client.phase2.includes(first);
      return isPrinted ? [{ check: 'phase2-transform', transform: first }] : [];
    },
  }),
  rule('AW-5', {
    when: (facts) =>
      scriptSays(({ knowsNatTraversal }) => !knowsNatTraversal)(facts) &&
      clientIsBehindNat(facts) &&
      !sharesNatTraversal(facts) &&
      isReached(facts) &&
      message4Comes(facts) &&
      facts.credentials.preSharedKeysAgree,
    outcome: stop('phase1', 'id-mismatch'),
  }),
  rule('AW-6', {
    // Its ISAKMP policy names no encryption, hash or group. Where the client offers the default of either reading,
    // both connect, and only the transform rests on recollection.
    when: (facts) => facts.responder.phase1IsScriptDefault && exchangeIsAgreed(facts),
    outcome: (facts) => (phase1IsAgreed(facts) ? connect : stop('phase1', 'no-proposal-chosen')),
    disputed: (facts) => !common(facts.client.phase1, defaultOfReadingA).length,
  }),
];

/** DES, SHA and group 1. */
const defaultOfReadingA: readonly string[] = ['des-sha1-modp768'];
