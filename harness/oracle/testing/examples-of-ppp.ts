import { browsing, clientNat, type Example, script } from './example-parts.ts';

const echo = { echo: { seconds: 30, failures: 3 } };

/** For tests: a cell of each rule about PPP and the traffic in it. Outcomes by hand from the rule table's rows. */
export const examplesOfPpp: Readonly<Record<string, Example>> = {
  'L2TP-NODATA': {
    // A wrong password would stop it later, and nobody asks for one in a protocol that it does not speak (PPP-5).
    speaks: {
      client: { dataPlane: false, authentication: [] },
      credentials: { passwordIsRight: false },
    },
    outcome: 'stop at ppp-lcp: no-data-plane',
    silent: { client: { authentication: [] } },
  },
  'PPP-1': { speaks: {}, outcome: 'connect', silent: { credentials: { user: 'dialin2' } } },
  'PPP-2': { speaks: { credentials: { user: 'dialin2' } }, outcome: 'connect', silent: {} },
  'PPP-3': {
    // One address, and the user database has given it away.
    speaks: {
      credentials: { user: 'dialin2' },
      responder: { pool: { first: '192.168.8.50', last: '192.168.8.50' } },
    },
    outcome: 'stop at ppp-ipcp: pool-exhausted',
    silent: {
      credentials: { user: 'dialin2' },
      responder: { pool: { first: '192.168.8.50', last: '192.168.8.51' } },
    },
  },
  'PPP-4': {
    speaks: { credentials: { passwordIsRight: false } },
    outcome: 'stop at ppp-auth: ppp-auth-failed',
    silent: {},
  },
  'PPP-5': {
    speaks: { client: { authentication: ['ms-chap-v2'] } },
    outcome: 'stop at ppp-lcp: ppp-refused',
    silent: {},
  },
  'PPP-6': { speaks: {}, outcome: 'connect', silent: { responder: { dns: undefined } as object } },
  'PPP-7': { speaks: {}, outcome: 'connect', silent: { client: { sendsDeletes: false } } },
  'PPP-8': {
    speaks: { event: 'client-power-cut', responder: echo },
    outcome: 'connect',
    // One that sends no echoes does not notice, and the rule says nothing of it.
    silent: { event: 'client-power-cut' },
  },
  'PPP-10': {
    speaks: { client: { securityTab: 'b', authentication: ['ms-chap-v2'] } },
    outcome: 'stop at ppp-lcp: ppp-refused',
    disputed: true,
    silent: { client: { authentication: ['ms-chap-v2'] } },
  },
  'PPP-11': {
    speaks: { clients: 2, place: 1, responder: { maximumTunnels: 1 } },
    outcome: 'stop at l2tp-tunnel: no-policy',
    silent: { clients: 2, responder: { maximumTunnels: 1 } },
  },
  'TRAF-1': {
    speaks: {
      placement: browsing,
      client: { sendsAllIntoTunnel: true },
      responder: script({ translatesUsers: false }),
    },
    outcome: 'stop at traffic: not-translated',
    // It browses by its own way.
    silent: {
      placement: browsing,
      client: { sendsAllIntoTunnel: false },
      responder: script({ translatesUsers: false }),
    },
  },
  'TRAF-2': { speaks: { client: { sendsAllIntoTunnel: true } }, outcome: 'connect', silent: {} },
  'TRAF-3': {
    // 20 + 8 + 8 + 8 + 1424 + 12 octets of an outer packet, which nobody may cut.
    speaks: {
      placement: { ...clientNat, narrowest: { mtu: 1400, tooBig: 'lost' } },
      client: { mru: 1400 },
      responder: { mru: 1500 },
    },
    outcome: 'stop at traffic: large-packets-lost',
    silent: { placement: clientNat, client: { mru: 1400 }, responder: { mru: 1500 } },
  },
};
