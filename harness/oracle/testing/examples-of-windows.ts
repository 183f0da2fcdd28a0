import {
  beforeTheRule,
  bothNat,
  clientNat,
  type Example,
  group2,
  impaired,
  legacy,
  noNatT,
  officeNat,
  rport,
  rule,
  server2003,
  updatedXp,
  vista,
} from './example-parts.ts';

/** For tests: a cell of each rule about Windows clients. Outcomes by hand from the rule table's rows. */
export const examplesOfWindows: Readonly<Record<string, Example>> = {
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
};
