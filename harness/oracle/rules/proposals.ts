import {
  chosen,
  exchangeIsAgreed,
  isDowngraded,
  message5Arrives,
  phase1IsAgreed,
  phase2IsAgreed,
  quickModeAddressesPass,
  quickModePortsMatch,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, source, stop } from '../rule.ts';

/** The proposals that the choice rule of the responder takes, as far as its lists are known. */
function transformChecks(facts: CellFacts) {
  const phase1 = chosen(facts, 'phase1');
  const phase2 = chosen(facts, 'phase2');
  return [
    ...(phase1 === undefined ? [] : [{ check: 'phase1-transform', transform: phase1 } as const]),
    ...(phase2 === undefined ? [] : [{ check: 'phase2-transform', transform: phase2 } as const]),
  ];
}

const notifiesMayBeMissing = 'RFC 2408 section 5.4';

export const proposalRules: readonly Rule[] = [
  rule({
    id: 'PROP-1',
    about: 'proposals',
    when: (facts) => phase1IsAgreed(facts) && phase2IsAgreed(facts),
    outcome: connect,
    checks: transformChecks,
    source: `${source.howTo} ("the ORDER of proposals is important"); RFC 2408 section 4.2`,
    confidence: 'V',
  }),
  rule({
    id: 'PROP-2',
    about: 'proposals',
    when: (facts) => exchangeIsAgreed(facts) && !phase1IsAgreed(facts),
    outcome: stop('phase1', 'no-proposal-chosen'),
    source: notifiesMayBeMissing,
    confidence: 'V',
  }),
  rule({
    id: 'PROP-8',
    about: 'proposals',
    // A responder has to take main mode and may take aggressive mode; one set up for main mode has no policy for it.
    when: (facts) => !exchangeIsAgreed(facts),
    outcome: stop('phase1', 'no-policy'),
    source: 'RFC 2409 section 5 (main mode MUST, aggressive mode SHOULD)',
    confidence: 'V',
  }),
  rule({
    id: 'PROP-3',
    about: 'proposals',
    // A bundle is looked at when a policy has been found.
    when: (facts) => !phase2IsAgreed(facts) && quickModeAddressesPass(facts) && quickModePortsMatch(facts),
    outcome: stop('phase2', 'no-proposal-chosen'),
    source: notifiesMayBeMissing,
    confidence: 'V',
  }),
  rule({
    id: 'PROP-5',
    about: 'proposals',
    when: (facts) =>
      facts.responder.warnsOfDowngrades && (isDowngraded(facts, 'phase1') || isDowngraded(facts, 'phase2')),
    outcome: connect,
    checks: () => [{ check: 'downgrade-warning' }],
    source: `${source.howTo} ("propose the strongest encryption first")`,
    confidence: 'V',
  }),
  rule({
    id: 'PROP-6',
    about: 'proposals',
    when: (facts) => !facts.credentials.preSharedKeysAgree && phase1IsAgreed(facts) && message5Arrives(facts),
    // Whoever cannot read message 5 need not say so, and its initiator cannot know.
    outcome: ({ responder }) => stop('phase1', responder.silentOnWrongKey ? 'no-answer' : 'auth-failed'),
    source: 'RFC 2409 section 5.4',
    confidence: 'V',
  }),
];
