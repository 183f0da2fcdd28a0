import {
  clientIsBehindNat,
  cutsDiffer,
  encapsulates,
  nativeEspArrives,
  phase2IsAgreed,
  policyIsFound,
  takesOtherEncapsulation,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** The client says nothing of the addresses that its checksums are over (RFC 3947 5.2). */
function leavesOutOriginalAddress(facts: CellFacts): boolean {
  const { natOriginalAddress } = facts.client;
  return (
    natOriginalAddress === 'never' || (natOriginalAddress === 'when-behind-nat' && !clientIsBehindNat(facts))
  );
}

function replacesSas(event: CellFacts['event']): 'client' | 'responder' | undefined {
  if (event === 'rekey-by-client') return 'client';
  return event === 'rekey-by-responder' ? 'responder' : undefined;
}

/** What is agreed and does not fit, what SAs live through, and what a connection looks like on the wire. */
export const lifeRules: readonly Rule[] = [
  rule('ESP-1', {
    when: (facts) =>
      phase2IsAgreed(facts) && cutsDiffer(facts) && (encapsulates(facts) || nativeEspArrives(facts)),
    outcome: stop('esp', 'bad-icv'),
  }),
  rule('ESP-2', {
    when: (facts) => facts.impairment?.name === 'encapsulation-number' && encapsulates(facts),
    // It is a matter of the proposal, and those are looked at when a policy has been found (PROP-3).
    outcome: (facts) =>
      policyIsFound(facts) && !takesOtherEncapsulation(facts)
        ? stop('phase2', 'no-proposal-chosen')
        : connect,
  }),
  rule('ESP-3', {
    when: (facts) => encapsulates(facts) && leavesOutOriginalAddress(facts),
    outcome: connect,
  }),
  rule('LINK-1', {
    when: ({ placement }) => placement.wires !== undefined,
    outcome: connect,
  }),
  rule('LIFE-1', {
    when: ({ event }) => replacesSas(event) !== undefined,
    outcome: connect,
    checks: ({ event }) => {
      const end = replacesSas(event);
      const byOne = end ? [{ check: 'replaced-by', end } as const] : [];
      return [...byOne, { check: 'old-sas-accepted' }, { check: 'survives-hold' }];
    },
  }),
  rule('LIFE-2', {
    when: ({ event }) => event === 'responder-restart',
    outcome: connect,
    checks: () => [{ check: 'old-spi-unanswered' }],
  }),
  rule('WIRE-1', {
    // What happens to a connection that stands brings more exchanges.
    when: ({ impairment, placement, event }) =>
      impairment === undefined && event === undefined && placement.wires !== 'lose-some',
    outcome: connect,
    checks: ({ client, placement }) => [
      // RFC 2409 5: either phase 1 is what its client declares.
      client.aggressive
        ? { check: 'aggressive-mode-messages', count: 3 }
        : { check: 'main-mode-messages', count: 6 },
      // The fourth message comes with the commit bit.
      { check: 'quick-mode-messages', counts: [3, 4] },
      ...(placement.wires ? [] : [{ check: 'nothing-spoilt' } as const]),
    ],
  }),
];
