import { natIsInThePath, quickModeAddressesPass, quickModePortsMatch } from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, source, stop } from '../rule.ts';

/** An updated client proposes the remote port 1701; a legacy one its own. */
const updated = ({ client }: CellFacts) => client.ports.remote === 1701;
const legacy = ({ client }: CellFacts) => client.ports.remote === 0 && client.ports.local === 1701;
const onlyLport = ({ responder: { ports } }: CellFacts) => ports.lport === 1701 && ports.rport === undefined;
const onlyRport = ({ responder: { ports } }: CellFacts) => ports.rport === 1701 && ports.lport === undefined;

const noPolicy = stop('phase2', 'no-policy');

/** The How-To's `lport` and `rport`, once the addresses of quick mode have passed. */
export const portRules: readonly Rule[] = [
  rule({
    id: 'PORT-1',
    about: 'ports',
    when: (facts) => onlyLport(facts) && updated(facts),
    outcome: connect,
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'PORT-2',
    about: 'ports',
    // A port of the system's choice is none that a policy names, as any is none.
    when: (facts) =>
      onlyRport(facts) &&
      updated(facts) &&
      facts.client.ports.local !== 1701 &&
      quickModeAddressesPass(facts),
    outcome: noPolicy,
    source: source.howTo,
    confidence: 'D',
  }),
  rule({
    id: 'PORT-3',
    about: 'ports',
    when: (facts) => onlyRport(facts) && legacy(facts) && !natIsInThePath(facts),
    outcome: connect,
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    // Reading b, the How-To's note read literally, stops in phase 1; our responder plays reading a.
    id: 'PORT-4',
    about: 'ports',
    // NAT before the responder changes nothing where the addresses of quick mode pass.
    when: (facts) => onlyLport(facts) && legacy(facts) && quickModeAddressesPass(facts),
    outcome: noPolicy,
    disputed: () => true,
    source: source.howTo,
    confidence: 'D',
  }),
  rule({
    // The How-To has rport fail with updated clients; a policy that compares 1701 with 1701 lets it pass.
    id: 'PORT-5',
    about: 'ports',
    when: (facts) => onlyRport(facts) && updated(facts) && facts.client.ports.local === 1701,
    outcome: (facts) => (quickModePortsMatch(facts) ? connect : noPolicy),
    disputed: () => true,
    source: `${source.howTo} against ${source.fieldFacts} C4`,
    confidence: 'D',
  }),
];
