import { clientIsBehindNat, cutsDiffer, encapsulates, nativeEspArrives, phase2IsAgreed } from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** The client says nothing of the addresses that its checksums are over (RFC 3947 5.2). */
function leavesOutOriginalAddress(facts: CellFacts): boolean {
  const { natOriginalAddress } = facts.client;
  return (
    natOriginalAddress === 'never' || (natOriginalAddress === 'when-behind-nat' && !clientIsBehindNat(facts))
  );
}

/** What is agreed and does not fit, and what a connection looks like on the wire. */
export const lifeRules: readonly Rule[] = [
  rule('ESP-1', {
    when: (facts) =>
      phase2IsAgreed(facts) && cutsDiffer(facts) && (encapsulates(facts) || nativeEspArrives(facts)),
    outcome: stop('esp', 'bad-icv'),
  }),
  rule('ESP-3', {
    when: (facts) => encapsulates(facts) && leavesOutOriginalAddress(facts),
    outcome: connect,
  }),
  rule('WIRE-1', {
    when: (facts) => facts.impairment === undefined,
    outcome: connect,
    checks: ({ client }) => [
      ...(client.aggressive ? [] : [{ check: 'main-mode-messages', count: 6 } as const]),
      // The fourth message comes with the commit bit.
      { check: 'quick-mode-messages', counts: [3, 4] },
    ],
  }),
];
