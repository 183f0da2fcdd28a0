import { expect, test } from 'vitest';
import type { Check } from '../expectation.ts';
import { checkResult, leakChecks } from './checks.ts';
import type { Evidence } from './evidence.ts';
import { client, connected, responder, segment, traffic, wire } from './testing/example-evidence.ts';

const none = { toResponder: 0, toClient: 0 };
const some = { toResponder: 4, toClient: 4 };
const native = segment({ espInUdp: none, espNative: some });

function everywhere(on: ReturnType<typeof segment>, changes = {}) {
  return wire({ segments: { access: on, internet: on, interconn: on }, ...changes });
}

function partly(on: ReturnType<typeof segment>) {
  return wire({ segments: { access: segment(), internet: segment(), interconn: on } });
}

const nativeEverywhere = {
  client: { ...client, encapsulation: 'none' as const },
  responder: { ...responder, encapsulation: 'none' as const },
  wire: everywhere(native),
};

/** Each check with evidence under which it holds, and evidence under which it must say no. */
const cases: readonly [Check, holds: Partial<Evidence>, ...no: Partial<Evidence>[]][] = [
  [
    { check: 'esp-in-udp' },
    {},
    { wire: everywhere(native) },
    { wire: partly(segment({ espInUdp: { toResponder: 4, toClient: 0 } })) },
    { wire: partly(segment({ espNative: { toResponder: 1, toClient: 0 } })) },
    { responder: { ...responder, encapsulation: 'none' } },
    { wire: wire({ path: [] }) },
    { wire: undefined },
  ],
  [
    { check: 'esp-as-protocol-50' },
    nativeEverywhere,
    {},
    { ...nativeEverywhere, wire: partly(native) },
    { ...nativeEverywhere, client: { ...client, encapsulation: 'udp' } },
    { wire: undefined },
  ],
  [{ check: 'port-float', expected: true }, {}, { wire: wire({ portFloat: false }) }, { wire: undefined }],
  [
    { check: 'port-float', expected: false },
    { wire: everywhere(segment({ ike4500: none }), { portFloat: false }) },
    {},
    { wire: wire({ portFloat: false }) },
  ],
  [
    { check: 'inner-address', address: '192.168.8.1' },
    {},
    { client: { ...client, innerAddress: '192.168.8.10' } },
    { client: undefined },
  ],
  [
    { check: 'inner-address-in-pool', first: '192.168.8.1', last: '192.168.8.9' },
    {},
    { client: { ...client, innerAddress: '192.168.8.10' } },
    { client: { ...client, innerAddress: 'nowhere' } },
    { client: undefined },
  ],
  [
    { check: 'dns-received', address: '192.168.2.5' },
    {},
    { client: { ...client, dns: ['192.168.2.55'] } },
    { client: { ...client, dns: [] } },
    { client: undefined },
  ],
  [
    { check: 'phase1-transform', transform: '3des-sha1-modp1024' },
    {},
    { client: { ...client, phase1: 'des-sha1-modp768' } },
    { responder: { ...responder, phase1: 'des-sha1-modp768' } },
    { client: undefined, responder: undefined },
  ],
  [
    { check: 'phase2-transform', transform: '3des-sha1' },
    {},
    { client: { ...client, phase2: '3des-md5' } },
    { responder: { ...responder, phase2: '3des-md5' } },
    { client: undefined, responder: undefined },
  ],
  [
    { check: 'downgrade-warning' },
    { responder: { ...responder, warnings: ['downgrade: des-md5 chosen, 3des-sha1 was possible'] } },
    {},
    { client: { ...client, warnings: ['something else'] } },
  ],
  [
    { check: 'key-warning' },
    { client: { ...client, warnings: ['the pre-shared key holds more than letters and digits'] } },
    {},
    { responder: { ...responder, warnings: ['downgrade: des-md5 chosen, 3des-sha1 was possible'] } },
  ],
  [
    { check: 'clear-l2tp-unanswered' },
    { wire: everywhere(segment({ clearL2tp: 4 })) },
    {},
    { wire: everywhere(segment({ clearL2tp: 4, clearL2tpToClient: 1 })) },
    { wire: undefined },
  ],
  [
    { check: 'main-mode-messages', count: 6 },
    {},
    { wire: wire({ mainModeMessages: 7 }) },
    { wire: undefined },
  ],
  [
    { check: 'quick-mode-messages', counts: [3, 4] },
    { wire: wire({ quickModeMessages: 4 }) },
    { wire: wire({ quickModeMessages: 2 }) },
    { wire: wire({ quickModeMessages: 6 }) },
    { wire: undefined },
  ],
  [
    { check: 'no-public-hop' },
    {},
    { traffic: { ...traffic, traceroute: ['192.168.8.254', '198.18.2.1', '192.168.2.10'] } },
    { traffic: { ...traffic, traceroute: [] } },
    { traffic: undefined },
  ],
  [
    { check: 'browses-from', address: '198.18.2.10' },
    { wire: wire({ browsing: { from: { '198.18.2.10': 3 }, untranslated: {} } }) },
    { wire: wire({ browsing: { from: { '198.18.1.10': 3 }, untranslated: {} } }) },
    { wire: wire({ browsing: { from: { '198.18.2.10': 3, '198.18.1.10': 1 }, untranslated: {} } }) },
    {},
    { wire: undefined },
  ],
  [
    { check: 'ike-stays-on-4500' },
    { wire: wire({ ike500AfterFloat: 0 }) },
    { wire: wire({ ike500AfterFloat: 1 }) },
    {},
  ],
  [
    { check: 'survives-hold' },
    { traffic: { ...traffic, pingAfterHold: { sent: 3, received: 3 } } },
    { traffic: { ...traffic, pingAfterHold: { sent: 3, received: 2 } } },
    {},
  ],
  [
    { check: 'nothing-left' },
    {},
    { left: { client: [], responder: ['one SA'] } },
    { left: { client: ['a tunnel'], responder: [] } },
    { left: undefined },
  ],
];

test.each(cases)('$check holds', (check, holds) => {
  expect(checkResult(check, connected(holds))).toMatchObject({ ok: true });
});

test.each(
  cases.flatMap(([check, , ...no]) => no.map((evidence, index) => [check, index + 1, evidence] as const)),
)('$check says no (%s)', (check, _, evidence) => {
  expect(checkResult(check, connected(evidence))).toMatchObject({ ok: false });
});

test('a result names its check with what it wanted, and what was found', () => {
  const result = checkResult({ check: 'dns-received', address: '192.168.2.6' }, connected());
  expect(result).toEqual({ check: 'dns-received 192.168.2.6', ok: false, detail: '192.168.2.5' });
});

test('leaks: none is fine, any is named with its segment, and no capture is no proof', () => {
  expect(leakChecks(connected()).map(({ ok }) => ok)).toEqual([true, true]);
  expect(leakChecks(connected({ wire: partly(segment({ clearL2tp: 2, innerAddresses: 3 })) }))).toEqual([
    { check: 'no L2TP outside IPsec', ok: false, detail: '2 packets on interconn' },
    { check: 'no inner address outside', ok: false, detail: '3 packets on interconn' },
  ]);
  expect(leakChecks(connected({ wire: undefined })).map(({ ok }) => ok)).toEqual([false, false]);
  // A client whose tunnel has come to its end sends by its other routes; L2TP in the clear is a leak all the same.
  const ended = leakChecks(connected({ wire: partly(segment({ clearL2tp: 2, innerAddresses: 3 })) }), {
    tunnelEnds: true,
  });
  expect(ended.map(({ check, ok }) => [check, ok])).toEqual([['no L2TP outside IPsec', false]]);
});

// RFC 3948 4: the client's own segment must show them, and a receiver ignores them.
test.each<['keepalives-sent' | 'keepalives-unanswered', number, number, boolean]>([
  ['keepalives-sent', 2, 0, true],
  ['keepalives-sent', 0, 0, false],
  ['keepalives-sent', 2, 2, false],
  ['keepalives-unanswered', 2, 0, true],
  ['keepalives-unanswered', 4, 2, false],
])('%s: %i keepalives, %i of them toward the client', (check, keepalives, keepalivesToClient, ok) => {
  const seen = everywhere(segment({ keepalives, keepalivesToClient }));
  expect(checkResult({ check }, connected({ wire: seen })).ok).toBe(ok);
});

const virtual = {
  ...traffic,
  datagrams: { each: 1400, upSent: 2, upReceived: 2, downSent: 2, downReceived: 2 },
};

const dropped = (ofClient: Record<string, number>, ofResponder: Record<string, number>) =>
  connected({ client: { ...client, drops: ofClient }, responder: { ...responder, drops: ofResponder } });

// Late, repeated or early packets are no defect of anybody's (RFC 4303 3.4); others' peers do not tell.
test.each<[string, Evidence, boolean]>([
  ['nothing', dropped({}, {}), true],
  ['what only came late', dropped({ unexpected: 2 }, { 'unknown-spi': 1 }), true],
  ['nobody tells', connected(), true],
  ['an ICV', dropped({ 'bad-icv': 1 }, {}), false],
  ['a sequence number', dropped({}, { replayed: 3 }), false],
  ['a checksum', dropped({}, { 'bad-checksum': 1 }), false],
  // Under a virtual clock nothing is late.
  ['what did not come late', { ...dropped({}, { unexpected: 1 }), traffic: virtual }, false],
])('nothing-spoilt, dropped was %s', (_, evidence, ok) => {
  expect(checkResult({ check: 'nothing-spoilt' }, evidence).ok).toBe(ok);
});

test.each<[Evidence, boolean, string]>([
  [dropped({}, { replayed: 3 }), true, '3'],
  [dropped({ replayed: 3 }, {}), false, '0'],
  [dropped({}, { 'bad-icv': 1 }), false, '0'],
  [connected(), false, 'not observed'],
])('an end that must drop what is replayed says so', (evidence, ok, detail) => {
  const check = { check: 'dropped', end: 'responder', reason: 'replayed' } as const;
  expect(checkResult(check, evidence)).toEqual({ check: 'dropped responder replayed', ok, detail });
});
