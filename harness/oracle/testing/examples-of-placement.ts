import {
  clientNat,
  draft00,
  type Example,
  impaired,
  lenient,
  noNatT,
  officeNat,
  rule,
} from './example-parts.ts';

/** For tests: a cell of each rule about NAT on the way. Outcomes by hand from the rule table's rows. */
export const examplesOfPlacement: Readonly<Record<string, Example>> = {
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
  'NAT-19': {
    speaks: { placement: clientNat, client: draft00, responder: draft00 },
    outcome: 'connect',
    silent: { placement: clientNat },
  },
  'NAT-20': {
    speaks: { placement: officeNat, responder: { acceptsDialledAddress: false } },
    outcome: 'stop at phase2: id-mismatch',
    silent: { responder: { acceptsDialledAddress: false } },
  },
  'NAT-21': { speaks: { placement: clientNat }, outcome: 'connect', silent: {} },
  'NAT-22': {
    speaks: {
      placement: { ...clientNat, dropsFragments: true },
      client: { fragmentsIke: true },
      ...impaired('client', 'oversized', '2000'),
    },
    outcome: 'stop at phase1: no-answer',
    silent: { placement: clientNat, ...impaired('client', 'oversized', '2000') },
  },
  'NAT-23': { speaks: { client: noNatT }, outcome: 'connect', silent: {} },
  'NAT-24': {
    speaks: { responder: { pretendsNat: 'of-clients' } },
    outcome: 'connect',
    silent: { responder: { pretendsNat: 'of-itself' }, client: rule(0) },
  },
  'NAT-25': { speaks: {}, outcome: 'connect', silent: { client: noNatT } },
};
