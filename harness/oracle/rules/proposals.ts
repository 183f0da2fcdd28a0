import {
  chosen,
  cutsDiffer,
  exchangeIsAgreed,
  isDowngraded,
  message4Comes,
  message5Arrives,
  phase1IsAgreed,
  phase2IsAgreed,
  quickModeAddressesPass,
  quickModePortsMatch,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { wrongKey } from '../key-outcomes.ts';
import { refusalTold } from '../refusal.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** The proposals that the choice rule of the responder takes, as far as its lists are known. */
function transformChecks(facts: CellFacts) {
  const phase1 = chosen(facts, 'phase1');
  const phase2 = chosen(facts, 'phase2');
  // Two that cut HMAC-SHA2-256 differently name different transforms (ESP-1).
  const named = phase2 === undefined || cutsDiffer(facts) ? [] : [phase2];
  return [
    ...(phase1 === undefined ? [] : [{ check: 'phase1-transform', transform: phase1 } as const]),
    ...named.map((transform) => ({ check: 'phase2-transform', transform }) as const),
  ];
}

export const proposalRules: readonly Rule[] = [
  rule('PROP-1', {
    when: (facts) => phase1IsAgreed(facts) && phase2IsAgreed(facts),
    outcome: connect,
    checks: transformChecks,
  }),
  rule('PROP-2', {
    when: (facts) => exchangeIsAgreed(facts) && !phase1IsAgreed(facts),
    outcome: stop('phase1', 'no-proposal-chosen'),
    checks: refusalTold,
  }),
  rule('PROP-8', {
    // A responder has to take main mode and may take aggressive mode; one set up for main mode has no policy for it.
    when: (facts) => !exchangeIsAgreed(facts),
    outcome: ({ responder }) => stop('phase1', responder.refusesAggressiveAs ?? 'no-policy'),
    checks: refusalTold,
  }),
  rule('PROP-3', {
    // A bundle is looked at when a policy has been found.
    when: (facts) => !phase2IsAgreed(facts) && quickModeAddressesPass(facts) && quickModePortsMatch(facts),
    outcome: stop('phase2', 'no-proposal-chosen'),
    checks: refusalTold,
  }),
  rule('PROP-4', {
    when: ({ client, responder }) => client.pfs !== undefined || responder.pfs !== undefined,
    outcome: ofPfs,
    checks: (facts) => (ofPfs(facts).kind === 'connect' ? [] : refusalTold(facts)),
    disputed: ({ client, responder }) =>
      responder.isRouterOs === true && client.windows === true && client.pfs === undefined,
  }),
  rule('PROP-5', {
    when: (facts) =>
      facts.responder.warnsOfDowngrades && (isDowngraded(facts, 'phase1') || isDowngraded(facts, 'phase2')),
    outcome: connect,
    checks: () => [{ check: 'downgrade-warning' }],
  }),
  rule('PROP-6', {
    when: (facts) => !facts.credentials.preSharedKeysAgree && message4Comes(facts) && message5Arrives(facts),
    outcome: wrongKey,
  }),
  rule('PROP-7', {
    // Nobody here is strict about it.
    when: ({ client: { lifetimes: offered }, responder: { lifetimes: own } }) =>
      offered !== undefined &&
      own !== undefined &&
      (offered.phase1 !== own.phase1 || offered.phase2 !== own.phase2),
    outcome: connect,
  }),
];

/** A responder that demands no group does the one that it is asked for. */
function pfsIsAgreed({ client, responder }: CellFacts): boolean {
  return responder.pfs === undefined || (client.pfs !== undefined && responder.pfs.includes(client.pfs));
}

/** As any other attribute that is not agreed on (PROP-3), once a policy has been found. */
function ofPfs(facts: CellFacts) {
  if (pfsIsAgreed(facts)) return connect;
  const isLookedAt = quickModeAddressesPass(facts) && quickModePortsMatch(facts);
  return isLookedAt ? stop('phase2', 'no-proposal-chosen') : connect;
}
