import { both1701, clientNat, type Example, legacy, rport } from './example-parts.ts';

/** For tests: a cell of each rule about `lport` and `rport`. Outcomes by hand from the rule table's rows. */
export const examplesOfPorts: Readonly<Record<string, Example>> = {
  'PORT-1': { speaks: { client: both1701 }, outcome: 'connect', silent: { responder: rport } },
  'PORT-2': {
    speaks: { responder: rport },
    outcome: 'stop at phase2: no-policy',
    silent: { responder: rport, client: both1701 },
  },
  'PORT-3': {
    speaks: { responder: rport, client: legacy },
    outcome: 'connect',
    silent: { responder: rport, client: legacy, placement: clientNat },
  },
  'PORT-4': {
    speaks: { client: legacy },
    outcome: 'stop at phase2: no-policy',
    disputed: true,
    silent: { client: legacy, responder: rport },
  },
  'PORT-5': {
    speaks: { responder: rport, client: both1701 },
    outcome: 'connect',
    disputed: true,
    silent: { responder: rport },
  },
  'PORT-6': {
    speaks: { placement: clientNat, clients: 2, place: 1 },
    outcome: 'connect',
    silent: { placement: { ...clientNat, clientNatKeepsPort500: true }, clients: 2, place: 1 },
  },
  'PORT-7': {
    speaks: { responder: { ports: { lport: 1701, rport: 1701 } } },
    outcome: 'stop at phase2: no-policy',
    silent: { responder: rport },
  },
};
