import { exchangeIsAgreed, phase1IsAgreed } from '../derived.ts';
import { connect, type Rule, rule, source, stop } from '../rule.ts';

/** The AlliedWare script. */
export const scriptRules: readonly Rule[] = [
  rule({
    // Its ISAKMP policy names no encryption, hash or group. Reading a, which our responder plays, has the
    // defaults DES, SHA and group 1; reading b has every client connect. Where the client offers the
    // default, both readings connect, and only the transform rests on recollection.
    id: 'AW-6',
    about: 'script',
    when: (facts) => facts.responder.phase1IsScriptDefault && exchangeIsAgreed(facts),
    outcome: (facts) => (phase1IsAgreed(facts) ? connect : stop('phase1', 'no-proposal-chosen')),
    disputed: (facts) => !phase1IsAgreed(facts),
    source: `${source.howTo}; CentreCOM AR450S Command Reference 2.9`,
    confidence: 'R',
  }),
];
