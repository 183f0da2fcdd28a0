import { clientNat, type Example } from './example-parts.ts';

/** For tests: a cell of each rule about several clients. Outcomes by hand from the rule table's rows. */
export const examplesOfClients: Readonly<Record<string, Example>> = {
  'MULTI-1': {
    speaks: { placement: clientNat, clients: 2 },
    outcome: 'connect',
    silent: { placement: clientNat },
  },
  'MULTI-2': {
    speaks: { placement: { ...clientNat, severalPlaces: true }, clients: 5, place: 2 },
    outcome: 'connect',
    silent: { placement: clientNat, clients: 5, place: 2 },
  },
  'MULTI-3': {
    speaks: {
      clients: 2,
      place: 1,
      credentials: { isShared: true },
      responder: { sameUser: 'oldest' },
    },
    outcome: 'stop at ppp-auth: ppp-auth-failed',
    silent: { clients: 2, place: 1, responder: { sameUser: 'oldest' } },
  },
  'MULTI-4': {
    speaks: {
      placement: { ...clientNat, severalPlaces: true, sharesPrivateAddress: true },
      clients: 2,
      place: 1,
    },
    outcome: 'connect',
    silent: { placement: { ...clientNat, severalPlaces: true }, clients: 2, place: 1 },
  },
  'MULTI-5': {
    speaks: { placement: clientNat, clients: 2, client: { initialContact: true } },
    outcome: 'connect',
    // Nobody dials after the last.
    silent: { placement: clientNat, clients: 2, place: 1, client: { initialContact: true } },
  },
  'MULTI-6': {
    speaks: { placement: clientNat, clients: 2, client: { countsTunnels: true } },
    outcome: 'connect',
    silent: { placement: clientNat, clients: 2 },
  },
};
