import { expect, test } from 'vitest';
import { outcomeText } from '../expectation.ts';
import type { ImpairmentFacts, Placement, ScriptFacts } from './facts.ts';
import { expectationFor, ruleTable } from './oracle.ts';
import { type Differences, exampleFacts } from './testing/example-facts.ts';

const pinholes = { udp500: true, udp4500: true, esp: false };
const clientNat: Differences['placement'] = { clientNats: 1 };
const officeNat: Differences['placement'] = { responderNat: pinholes };
const bothNat: Differences['placement'] = { ...clientNat, ...officeNat };
const noNatT = { natTraversal: [] };
const lenient = { checksPeerIdentity: false, natTraversal: [] };
const rule = (value: 0 | 1 | 2, reading: 'a' | 'b' = 'a', family: 'xp-sp2' | 'vista' = 'xp-sp2') => ({
  natRule: { value, family, reading },
});
const rport = { ports: { rport: 1701 } };
const legacy = { ports: { local: 1701, remote: 0 } };
/** Windows that has not heard of AssumeUDPEncapsulationContextOnSendRule. */
const beforeTheRule = { windows: true, natRule: undefined } as object;
const both1701 = { ports: { local: 1701, remote: 1701 } };

const impaired = (end: 'client' | 'responder', name: string, ...values: string[]) => ({
  impairment: { end, name, values },
});

const filter = (...permits: string[]): Partial<Placement> => ({ filter: { permits } });
const rightFilter = ['udp 500', 'udp 4500', 'esp'];
const whole: ScriptFacts = {
  permits: ['isakmp', 'isakmp_float', 'internet'],
  rules: [1, 2, 3],
  has3des: true,
  knowsNatTraversal: true,
};
const script = (lacking: Partial<ScriptFacts>) => ({ script: { ...whole, ...lacking } });
/** Windows 7's transforms, as far as an AlliedWare policy can have them. */
const vista = {
  ...rule(2, 'a', 'vista'),
  phase1: ['aes256-sha1-ecp384', '3des-sha1-modp1024'],
  phase2: ['aes256-sha1', '3des-sha1'],
};
const group2 = { phase1: ['3des-sha1-modp1024'], phase1IsScriptDefault: false };
const updatedXp = { windows: true } as const;
const server2003 = {
  server: 'windows-2003',
  phase1: ['3des-sha1-modp1024', '3des-md5-modp1024'],
  phase1IsScriptDefault: false,
} as const;
const draft00 = { natTraversal: ['draft-00'] };
const shortMapping: Partial<Placement> = {
  ...clientNat,
  clientNatUdpSeconds: 30,
  hold: { idleSeconds: 120 },
};
const rebinding = (what: 'port' | 'address'): Partial<Placement> => ({
  ...clientNat,
  hold: { rebinding: what },
});

/** A cell that a rule speaks of, what the cell must come to, and a neighbour of which the rule says nothing. */
interface Example {
  readonly speaks: Differences;
  readonly outcome: string;
  readonly silent: Differences;
  readonly disputed?: boolean;
}

// Outcomes by hand from the rule table's rows.
const examples: Record<string, Example> = {
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
  'NAT-23': { speaks: { client: noNatT }, outcome: 'connect', silent: {} },
  'AW-6': {
    speaks: { client: { phase1: ['3des-sha1-modp1024'] } },
    outcome: 'stop at phase1: no-proposal-chosen',
    disputed: true,
    silent: { responder: { phase1IsScriptDefault: false } },
  },
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
  'WIN-11': {
    speaks: {
      placement: officeNat,
      client: { natRule: { value: 0, family: 'vista', reading: 'b', withoutEffect: 'wrong-key' } },
    },
    outcome: 'stop at esp: esp-never-sent',
    silent: { placement: officeNat, client: rule(0, 'b') },
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

/** Who misbehaves, how, with which values, and what comes of it. */
const impairmentExamples: readonly [ImpairmentFacts['end'], string, readonly string[], string][] = [
  ['client', 'drop', ['main-mode', '5'], 'connect'],
  ['client', 'delay', ['main-mode', '5', '1500'], 'connect'],
  ['client', 'duplicate', ['main-mode', '5'], 'connect'],
  ['client', 'reorder', ['main-mode', '5'], 'connect'],
  ['client', 'wrong-nat-d', [], 'connect'],
  ['client', 'extra-nat-d', [], 'connect'],
  ['client', 'nat-d-wrong-order', [], 'connect'],
  ['client', 'no-nat-d', [], 'stop at phase2: no-proposal-chosen'],
  ['client', 'wrong-hash', ['phase1'], 'stop at phase1: auth-failed'],
  ['client', 'wrong-identity', [], 'stop at phase1: id-mismatch'],
  ['client', 'truncated-payload', [], 'stop at phase1: no-answer'],
  ['client', 'over-long-payload', [], 'stop at phase1: no-answer'],
  ['client', 'payload-length-lies', [], 'stop at phase1: no-answer'],
  ['client', 'reserved-not-zero', [], 'stop at phase1: no-answer'],
  ['client', 'unknown-payload', [], 'connect'],
  ['client', 'stale-message-id', [], 'connect'],
  ['client', 'repeated-message-id', [], 'connect'],
  ['client', 'wrong-cookie', [], 'connect'],
  ['client', 'unprotected-notify', [], 'connect'],
  ['client', 'wrong-spi-in-delete', [], 'connect'],
  ['responder', 'delete-at-once', [], 'stop at esp: deleted-by-peer'],
  ['client', 'bad-padding', ['2'], 'connect'],
  ['client', 'bad-icv', ['2'], 'connect'],
  ['client', 'replayed-esp', [], 'connect'],
  ['client', 'stale-esp-sequence', [], 'connect'],
  ['client', 'l2tp-window-violation', [], 'connect'],
  ['client', 'l2tp-out-of-order', [], 'connect'],
  ['client', 'l2tp-unknown-mandatory-avp', [], 'stop at l2tp-tunnel: no-policy'],
  ['client', 'l2tp-wrong-tunnel-id', [], 'connect'],
  ['client', 'ppp-bad-magic', [], 'connect'],
  ['client', 'ppp-echo-silent', [], 'connect'],
  ['responder', 'ppp-config-loop', [], 'stop at ppp-lcp: ppp-refused'],
  ['client', 'wrong-chap-response', [], 'stop at ppp-auth: ppp-auth-failed'],
  ['responder', 'silent-at', ['l2tp-tunnel'], 'stop at l2tp-tunnel: no-answer'],
  ['responder', 'slow', ['700'], 'connect'],
];

for (const [end, name, values, outcome] of impairmentExamples) {
  examples[`IMPAIR-${name.toUpperCase()}`] = {
    speaks: impaired(end, name, ...values),
    outcome,
    silent: impaired(end, 'another', ...values),
  };
}

test('every rule has an example, and every example a rule', () => {
  expect(Object.keys(examples).sort()).toEqual(ruleTable.map(({ id }) => id).sort());
});

test.each(Object.entries(examples))('%s', (id, { speaks, outcome, silent, disputed = false }) => {
  const expectation = expectationFor(exampleFacts(speaks));
  expect(outcomeText(expectation.outcome)).toBe(outcome);
  expect(expectation.rules.map((rule) => rule.id)).toContain(id);
  expect(expectation.disputed).toBe(disputed);
  const table = ruleTable.find((rule) => rule.id === id);
  expect(table?.when(exampleFacts(silent))).toBe(false);
});

test('Vista and later send no ESP under rule 0, whichever reading, and nobody disputes it', () => {
  const facts = exampleFacts({
    placement: officeNat,
    client: rule(0, 'a', 'vista'),
  });
  const { outcome, disputed } = expectationFor(facts);
  expect([outcomeText(outcome), disputed]).toEqual(['stop at esp: esp-never-sent', false]);
});

test('a responder that does not tell of a wrong key only falls silent (rule PROP-6)', () => {
  const credentials = { preSharedKeysAgree: false };
  const silent = exampleFacts({ credentials, responder: { silentOnWrongKey: true } });
  const { outcome, rules } = expectationFor(silent);
  expect([outcomeText(outcome), rules.map(({ id }) => id)]).toEqual([
    'stop at phase1: no-answer',
    ['PROP-6'],
  ]);
});

test('an encapsulation that is forced looks like a responder behind NAT (rule WIN-1)', () => {
  const facts = exampleFacts({ client: rule(0, 'b'), responder: { pretendsNat: 'of-itself' } });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at esp: esp-never-sent');
});

test('a legacy client stops at its ports behind a responder that stands behind NAT, too (rule PORT-4)', () => {
  const responder = { acceptsDialledAddress: true };
  const facts = exampleFacts({ placement: officeNat, client: { ...legacy, ...noNatT }, responder });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at phase2: no-policy');
});

test('a port of the system is as foreign to rport as none (rule PORT-2)', () => {
  const facts = exampleFacts({ responder: rport, client: { ports: { local: 49152, remote: 1701 } } });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at phase2: no-policy');
});

test('what a client does not ask for, or does not do, is not checked', () => {
  const responder = { acceptsAggressive: true } as const;
  const quiet = exampleFacts({ client: { requestsDns: false, aggressive: true }, responder });
  const checks = expectationFor(quiet).checks.map(({ check }) => check);
  expect(checks).toContain('quick-mode-messages');
  expect(checks).not.toContain('dns-received');
  expect(checks).not.toContain('main-mode-messages');
});

test('a responder behind NAT that compares addresses objects to those first (rule IMPAIR-NO-NAT-D)', () => {
  const facts = exampleFacts({
    ...impaired('client', 'no-nat-d'),
    placement: officeNat,
    responder: { checksQuickModeAddresses: true },
  });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at phase2: id-mismatch');
});

test('a client that is sent no NAT-D stays on port 500, and one that sends none moves (rule IMPAIR-NO-NAT-D)', () => {
  const floatOf = (end: 'client' | 'responder') =>
    expectationFor(exampleFacts({ ...impaired(end, 'no-nat-d'), placement: officeNat })).checks.find(
      ({ check }) => check === 'port-float',
    );
  expect(floatOf('client')).toMatchObject({ expected: true });
  expect(floatOf('responder')).toMatchObject({ expected: false });
});
