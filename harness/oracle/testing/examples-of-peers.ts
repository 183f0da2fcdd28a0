import {
  beforeTheRule,
  both1701,
  bothNat,
  browsing,
  clientNat,
  type Example,
  group2,
  impaired,
  legacy,
  noNatT,
  officeNat,
  rport,
  rule,
  script,
  server2003,
  updatedXp,
  vista,
} from './example-parts.ts';

/** For tests: a cell of each rule about clients, proposals, ports, PPP and several clients. Outcomes by hand from the rule table's rows. */
export const examplesOfPeers: Readonly<Record<string, Example>> = {
  'WIN-1': {
    speaks: { placement: officeNat, client: rule(0, 'a') },
    outcome: 'stop at nat-detection: nat-refused',
    disputed: true,
    silent: { placement: clientNat, client: rule(0, 'a') },
  },
  'WIN-2': {
    speaks: { placement: officeNat, client: rule(1) },
    outcome: 'connect',
    silent: { placement: bothNat, client: rule(1) },
  },
  'WIN-3': {
    speaks: { placement: bothNat, client: rule(1, 'b') },
    outcome: 'stop at esp: esp-never-sent',
    disputed: true,
    silent: { placement: bothNat, client: rule(2) },
  },
  'WIN-4': {
    speaks: { placement: bothNat, client: rule(2) },
    outcome: 'connect',
    silent: { placement: clientNat, client: rule(2) },
  },
  'WIN-5': {
    speaks: { placement: clientNat, client: rule(0) },
    outcome: 'connect',
    silent: { placement: bothNat, client: rule(0) },
  },
  'WIN-6': {
    speaks: { placement: officeNat, client: beforeTheRule },
    outcome: 'connect',
    // Nobody but Windows is meant.
    silent: { placement: officeNat, client: { ...beforeTheRule, windows: undefined } as object },
  },
  'WIN-7': {
    speaks: { responder: rport, client: { ...beforeTheRule, ...noNatT, ...legacy } },
    outcome: 'connect',
    silent: { client: { ...beforeTheRule, ...noNatT, ...legacy } },
  },
  'WIN-8': {
    speaks: { client: vista, responder: group2 },
    outcome: 'connect',
    silent: { responder: group2 },
  },
  'WIN-9': {
    speaks: { client: updatedXp, responder: server2003 },
    outcome: 'connect',
    silent: { client: vista, responder: server2003 },
  },
  'WIN-10': {
    speaks: { credentials: { keyIsSpecial: true }, responder: { keyIsMissing: 'refused' } },
    outcome: 'stop at phase1: no-key',
    disputed: true,
    silent: { credentials: { preSharedKeysAgree: false } },
  },
  'WIN-11': {
    speaks: {
      placement: officeNat,
      client: { natRule: { value: 0, family: 'vista', reading: 'b', withoutEffect: 'wrong-key' } },
    },
    outcome: 'stop at esp: esp-never-sent',
    silent: { placement: officeNat, client: rule(0, 'b') },
  },
  'WIN-12': {
    speaks: impaired('client', 'service-stopped'),
    outcome: 'stop at reach: nothing-sent',
    silent: impaired('client', 'silent-at', 'reach'),
  },
  'WIN-13': {
    speaks: {
      placement: clientNat,
      client: updatedXp,
      responder: { server: 'windows-2000', checksPeerIdentity: false },
    },
    outcome: 'connect',
    disputed: true,
    silent: { client: updatedXp, responder: { server: 'windows-2000' } },
  },
  'PORT-6': {
    speaks: { placement: clientNat, clients: 2, place: 1 },
    outcome: 'connect',
    silent: { placement: { ...clientNat, clientNatKeepsPort500: true }, clients: 2, place: 1 },
  },
  'PROP-4': {
    speaks: { responder: { pfs: ['modp1024'] } },
    outcome: 'stop at phase2: no-proposal-chosen',
    silent: {},
  },
  'PROP-7': {
    speaks: {
      client: { lifetimes: { phase1: 28_800, phase2: 3600 } },
      responder: { lifetimes: { phase1: 86_400, phase2: 3600 } },
    },
    outcome: 'connect',
    silent: {
      client: { lifetimes: { phase1: 28_800, phase2: 3600 } },
      responder: { lifetimes: { phase1: 28_800, phase2: 3600 } },
    },
  },
  'ESP-1': {
    speaks: { client: { phase2: ['aes256-sha256_96'] }, responder: { phase2: ['aes256-sha256'] } },
    outcome: 'stop at esp: bad-icv',
    silent: { client: { phase2: ['aes256-sha256'] }, responder: { phase2: ['aes256-sha256'] } },
  },
  'ESP-2': {
    speaks: { placement: clientNat, ...impaired('client', 'encapsulation-number') },
    outcome: 'stop at phase2: no-proposal-chosen',
    // ESP goes as protocol 50, whose number is the same everywhere.
    silent: impaired('client', 'encapsulation-number'),
  },
  'ESP-3': {
    speaks: { placement: clientNat, client: { natOriginalAddress: 'never' } },
    outcome: 'connect',
    silent: { placement: clientNat, client: { natOriginalAddress: 'when-behind-nat' } },
  },
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
  'PORT-7': {
    speaks: { responder: { ports: { lport: 1701, rport: 1701 } } },
    outcome: 'stop at phase2: no-policy',
    silent: { responder: rport },
  },
  'PROP-1': { speaks: {}, outcome: 'connect', silent: { client: { phase2: ['aes128-sha1'] } } },
  'PROP-2': {
    speaks: { responder: { phase1: ['aes128-sha1-modp1024'], phase1IsScriptDefault: false } },
    outcome: 'stop at phase1: no-proposal-chosen',
    silent: {},
  },
  'PROP-3': {
    speaks: { client: { phase2: ['aes128-sha1'] } },
    outcome: 'stop at phase2: no-proposal-chosen',
    // No policy is found, so no bundle is looked at.
    silent: { client: { phase2: ['aes128-sha1'] }, responder: rport },
  },
  'PROP-5': {
    speaks: { responder: { phase2: ['des-md5', '3des-sha1'] } },
    outcome: 'connect',
    silent: { responder: { phase2: ['des-md5', '3des-sha1'], choice: 'initiator-order' } },
  },
  'PROP-6': {
    speaks: { credentials: { preSharedKeysAgree: false } },
    outcome: 'stop at phase1: auth-failed',
    silent: {
      credentials: { preSharedKeysAgree: false },
      placement: { responderNat: { udp500: true, udp4500: false, esp: false } },
    },
  },
  'PROP-8': {
    speaks: { client: { aggressive: true } },
    outcome: 'stop at phase1: no-policy',
    silent: { client: { aggressive: true }, responder: { acceptsAggressive: true } },
  },
  'NAT-25': { speaks: {}, outcome: 'connect', silent: { client: noNatT } },
  'NAT-24': {
    speaks: { responder: { pretendsNat: 'of-clients' } },
    outcome: 'connect',
    silent: { responder: { pretendsNat: 'of-itself' }, client: rule(0) },
  },
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
  'MULTI-6': {
    speaks: { placement: clientNat, clients: 2, client: { countsTunnels: true } },
    outcome: 'connect',
    silent: { placement: clientNat, clients: 2 },
  },
  'MULTI-5': {
    speaks: { placement: clientNat, clients: 2, client: { initialContact: true } },
    outcome: 'connect',
    // Nobody dials after the last.
    silent: { placement: clientNat, clients: 2, place: 1, client: { initialContact: true } },
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
  'WIRE-1': { speaks: {}, outcome: 'connect', silent: impaired('client', 'drop', 'main-mode', '5') },
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
  'L2TP-NODATA': {
    // A wrong password would stop it later, and nobody asks for one in a protocol that it does not speak (PPP-5).
    speaks: {
      client: { dataPlane: false, authentication: [] },
      credentials: { passwordIsRight: false },
    },
    outcome: 'stop at ppp-lcp: no-data-plane',
    silent: { client: { authentication: [] } },
  },
  'PPP-6': { speaks: {}, outcome: 'connect', silent: { responder: { dns: undefined } as object } },
  'PPP-7': { speaks: {}, outcome: 'connect', silent: { client: { sendsDeletes: false } } },
};
