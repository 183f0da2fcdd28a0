import {
  clientNat,
  draft00,
  type Example,
  filter,
  impaired,
  lenient,
  noNatT,
  officeNat,
  rebinding,
  rightFilter,
  rule,
  script,
  shortMapping,
} from './example-parts.ts';

/** For tests: a cell of each rule about NAT, filters and the script. Outcomes by hand from the rule table's rows. */
export const examplesOfNetworks: Readonly<Record<string, Example>> = {
  'NAT-1': { speaks: {}, outcome: 'connect', silent: { responder: { pretendsNat: 'of-itself' } } },
  'NAT-2': { speaks: { placement: clientNat }, outcome: 'connect', silent: { placement: { clientNats: 2 } } },
  'NAT-3': {
    speaks: { placement: officeNat },
    outcome: 'connect',
    silent: { placement: officeNat, client: rule(0) },
  },
  'NAT-4': {
    speaks: { placement: { responderNat: { udp500: false, udp4500: true, esp: false } } },
    outcome: 'stop at reach: no-answer',
    silent: { placement: officeNat },
  },
  'NAT-5': {
    speaks: { placement: { responderNat: { udp500: true, udp4500: false, esp: false } } },
    outcome: 'stop at phase1: no-answer',
    // Without NAT-T nothing moves to 4500.
    silent: { placement: { responderNat: { udp500: true, udp4500: false, esp: false } }, client: noNatT },
  },
  'NAT-6': {
    speaks: { placement: clientNat, client: noNatT },
    outcome: 'stop at phase1: id-mismatch',
    silent: { placement: officeNat, client: noNatT },
  },
  'NAT-7': {
    speaks: { placement: clientNat, responder: noNatT },
    outcome: 'stop at phase1: id-mismatch',
    silent: { placement: clientNat, responder: lenient },
  },
  'NAT-8': {
    speaks: { placement: { clientNats: 2 } },
    outcome: 'connect',
    silent: { placement: clientNat },
  },
  'NAT-9': {
    speaks: { placement: { clientHasOfficeSubnet: true } },
    outcome: 'stop at traffic: no-traffic',
    silent: {},
  },
  'NAT-10': {
    speaks: {
      placement: { ...clientNat, clientNatEspOf: 'first' },
      client: { innerChecksum: false },
      responder: lenient,
      clients: 2,
      place: 1,
    },
    outcome: 'stop at esp: esp-dropped',
    // Where its checksum is wrong nobody answers (NAT-11).
    silent: {
      placement: { ...clientNat, clientNatEspOf: 'first' },
      responder: lenient,
      clients: 2,
      place: 1,
    },
  },
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
  'NAT-19': {
    speaks: { placement: clientNat, client: draft00, responder: draft00 },
    outcome: 'connect',
    silent: { placement: clientNat },
  },
  'NAT-21': { speaks: { placement: clientNat }, outcome: 'connect', silent: {} },
  'FW-1': { speaks: { placement: filter(...rightFilter) }, outcome: 'connect', silent: {} },
  'FW-2': {
    speaks: { placement: filter('udp 500', 'udp 4500') },
    outcome: 'stop at esp: esp-dropped',
    // ESP goes in UDP.
    silent: { placement: { ...filter('udp 500', 'udp 4500'), ...clientNat } },
  },
  'FW-3': {
    speaks: { placement: filter('udp 500', 'udp 4500', 'tcp 50') },
    outcome: 'stop at esp: esp-dropped',
    silent: { placement: filter(...rightFilter, 'tcp 50') },
  },
  'FW-4': {
    speaks: { placement: filter(...rightFilter, 'udp 1701') },
    outcome: 'connect',
    silent: { placement: filter(...rightFilter) },
  },
  'FW-5': {
    speaks: { placement: clientNat, client: { withoutIpsec: true } },
    outcome: 'stop at l2tp-tunnel: no-answer',
    silent: { placement: filter(...rightFilter, 'udp 1701') },
  },
  'FW-6': {
    speaks: { placement: filter(...rightFilter, 'ah') },
    outcome: 'connect',
    silent: { placement: filter(...rightFilter) },
  },
  'FW-7': {
    speaks: { placement: { dialledAddressIsOld: true } },
    outcome: 'stop at reach: no-answer',
    silent: {},
  },
  'FW-8': {
    speaks: { placement: { ...filter('udp 500', 'esp'), ...clientNat } },
    outcome: 'stop at phase1: no-answer',
    // Without NAT nothing moves to 4500.
    silent: { placement: filter('udp 500', 'esp') },
  },
  'AW-1': {
    speaks: { responder: script({ permits: ['isakmp_float'] }) },
    outcome: 'stop at reach: no-answer',
    silent: { responder: script({}) },
  },
  'AW-2': {
    speaks: { responder: script({ rules: [1, 2] }) },
    outcome: 'stop at l2tp-tunnel: no-answer',
    silent: { responder: script({}) },
  },
  'AW-3': {
    speaks: { responder: { ...script({}), keyIsMissing: 'lost' } },
    outcome: 'stop at phase1: no-key',
    silent: { responder: script({}) },
  },
  'AW-4': {
    speaks: { responder: { ...script({ has3des: false }), phase2: ['des-sha1', 'des-md5'] } },
    outcome: 'connect',
    silent: { responder: script({}) },
  },
  'AW-5': {
    speaks: {
      placement: clientNat,
      responder: { ...script({ knowsNatTraversal: false }), natTraversal: [] },
    },
    outcome: 'stop at phase1: id-mismatch',
    silent: { responder: { ...script({ knowsNatTraversal: false }), natTraversal: [] } },
  },
  'NAT-11': {
    speaks: { placement: clientNat, responder: lenient },
    outcome: 'stop at l2tp-tunnel: bad-checksum',
    silent: { placement: clientNat, client: { innerChecksum: false }, responder: lenient },
  },
  'NAT-15': {
    speaks: { placement: clientNat, responder: { natTraversal: ['rfc3947'] } },
    outcome: 'stop at phase1: id-mismatch',
    silent: { placement: clientNat, responder: { natTraversal: ['rfc3947', 'draft-02n'] } },
  },
  'NAT-16': {
    speaks: { placement: clientNat, responder: { ...lenient, checksQuickModeAddresses: true } },
    outcome: 'stop at phase2: id-mismatch',
    silent: { responder: { ...lenient, checksQuickModeAddresses: true } },
  },
  'NAT-17': {
    speaks: {
      placement: { ...clientNat, clientNatEsp: 'out-only' },
      client: { innerChecksum: false },
      responder: lenient,
    },
    outcome: 'stop at esp: esp-dropped',
    silent: { placement: { ...clientNat, clientNatEsp: 'out-only' } },
  },
  'NAT-18': {
    speaks: { placement: { ...clientNat, clientNatEsp: 'dropped' }, responder: lenient },
    outcome: 'stop at esp: esp-dropped',
    silent: { placement: { ...clientNat, clientNatEsp: 'dropped' } },
  },
  'NAT-20': {
    speaks: { placement: officeNat, responder: { acceptsDialledAddress: false } },
    outcome: 'stop at phase2: id-mismatch',
    silent: { responder: { acceptsDialledAddress: false } },
  },
  'NAT-22': {
    speaks: {
      placement: { ...clientNat, dropsFragments: true },
      client: { fragmentsIke: true },
      ...impaired('client', 'oversized', '2000'),
    },
    outcome: 'stop at phase1: no-answer',
    silent: { placement: clientNat, ...impaired('client', 'oversized', '2000') },
  },
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
  'LINK-1': {
    speaks: { placement: { ...clientNat, wires: 'lose-some' } },
    outcome: 'connect',
    silent: { placement: clientNat },
  },
  'NAT-23': { speaks: { client: noNatT }, outcome: 'connect', silent: {} },
  'AW-6': {
    speaks: { client: { phase1: ['3des-sha1-modp1024'] } },
    outcome: 'stop at phase1: no-proposal-chosen',
    disputed: true,
    silent: { responder: { phase1IsScriptDefault: false } },
  },
};
