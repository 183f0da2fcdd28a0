import {
  clientIsBehindNat,
  encapsulates,
  natIsInThePath,
  quickModeAddressesPass,
  quickModePortsMatch,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { refusalTold } from '../refusal.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** An updated client proposes the remote port 1701; a legacy one its own, which is 1701 unless L2TP has another there. */
const updated = ({ client }: CellFacts) => client.ports.remote === 1701;
const legacy = ({ client }: CellFacts) => client.ports.remote === 0;
const onlyLport = ({ responder: { ports } }: CellFacts) => ports.lport === 1701 && ports.rport === undefined;
const onlyRport = ({ responder: { ports } }: CellFacts) => ports.rport === 1701 && ports.lport === undefined;

const noPolicy = stop('phase2', 'no-policy');

/** The How-To's `lport` and `rport`, once the addresses of quick mode have passed. */
export const portRules: readonly Rule[] = [
  rule('PORT-1', {
    when: (facts) => onlyLport(facts) && updated(facts),
    outcome: connect,
  }),
  rule('PORT-2', {
    // A port of the system's choice is none that a policy names, as any is none.
    when: (facts) => onlyRport(facts) && facts.client.ports.local !== 1701 && quickModeAddressesPass(facts),
    outcome: noPolicy,
    checks: refusalTold,
  }),
  rule('PORT-3', {
    when: (facts) =>
      onlyRport(facts) && legacy(facts) && facts.client.ports.local === 1701 && !natIsInThePath(facts),
    outcome: connect,
  }),
  rule('PORT-4', {
    // Reading b, the How-To's note read literally, stops in phase 1; our responder plays reading a.
    // NAT before the responder changes nothing where the addresses of quick mode pass.
    when: (facts) => onlyLport(facts) && legacy(facts) && quickModeAddressesPass(facts),
    outcome: noPolicy,
    checks: refusalTold,
    disputed: () => true,
  }),
  rule('PORT-5', {
    // The How-To has rport fail with updated clients; a policy that compares 1701 with 1701 lets it pass.
    when: (facts) => onlyRport(facts) && updated(facts) && facts.client.ports.local === 1701,
    outcome: (facts) => (quickModePortsMatch(facts) ? connect : noPolicy),
    checks: (facts) => (quickModePortsMatch(facts) ? [] : refusalTold(facts)),
    disputed: () => true,
  }),
  rule('PORT-6', {
    // Another client's port 500 is taken already; NAT-T has the responder answer to the port that it sees.
    when: (facts) =>
      facts.place > 0 &&
      clientIsBehindNat(facts) &&
      facts.placement.clientNatKeepsPort500 !== true &&
      encapsulates(facts),
    outcome: connect,
  }),
  rule('PORT-7', {
    when: ({ responder: { ports } }) => ports.lport !== undefined && ports.rport !== undefined,
    outcome: ofBothPorts,
    checks: (facts) => (ofBothPorts(facts).kind === 'connect' ? [] : refusalTold(facts)),
  }),
];

function ofBothPorts(facts: CellFacts) {
  return quickModePortsMatch(facts) || !quickModeAddressesPass(facts) ? connect : noPolicy;
}
