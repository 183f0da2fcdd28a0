import { clientNat, type Example, rebinding, shortMapping } from './example-parts.ts';

/** For tests: a cell of each rule about what happens to connections that stand. Outcomes by hand from the rule table's rows. */
export const examplesOfHold: Readonly<Record<string, Example>> = {
  'NAT-13': {
    speaks: { placement: shortMapping },
    outcome: 'stop at hold: no-traffic',
    silent: { placement: { ...shortMapping, clientNatUdpSeconds: 300 } },
  },
  'NAT-14': {
    speaks: { placement: rebinding('address'), responder: { followsMapping: 'port' } },
    outcome: 'stop at hold: no-traffic',
    silent: { placement: clientNat },
  },
};
