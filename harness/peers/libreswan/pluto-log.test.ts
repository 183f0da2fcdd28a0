import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesOf, logLines } from '../linux/testing/log-text.ts';
import { keptLines, namesState, readPlutoLog } from './pluto-log.ts';

const fixture = (name: string) =>
  logLines(readFileSync(join(import.meta.dirname, `fixtures/${name}.log`), 'utf8'));
const said = (...texts: string[]) => linesOf('pluto', ...texts);

// Two connections with the client behind NAT, each release in each role. The captures between both show ESP with
// SPI 0x174bd8f2 and 0xe8ad6ce0 toward the responder, 0x1c320dd6 and 0x8aebb93b toward the client. The client was
// told to offer AES-256 with SHA-256 and 2048 bits first, which the responder had too; in phase 2 it had 3DES alone.
test.each([
  ['client-4', true, { inbound: 0x1c320dd6, outbound: 0x174bd8f2 }],
  ['responder-5', false, { inbound: 0x174bd8f2, outbound: 0x1c320dd6 }],
  ['client-5', true, { inbound: 0x8aebb93b, outbound: 0xe8ad6ce0 }],
  ['responder-4', false, { inbound: 0xe8ad6ce0, outbound: 0x8aebb93b }],
])('reads a whole connection: %s', (name, localBehindNat, spis) => {
  const { stages, ...others } = readPlutoLog(fixture(name));
  expect(others).toEqual({
    natSeen: { localBehindNat, peerBehindNat: !localBehindNat },
    natTraversal: 'rfc3947',
    phase1: 'aes256-sha256-modp2048',
    phase2: '3des-sha1',
    spis,
    unanswered: [],
  });
  expect(stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
    'reach done',
    'nat-detection done',
    'phase1 done',
    'phase2 done',
  ]);
});

test('says nothing of what the log does not show', () => {
  expect(readPlutoLog([])).toEqual({ stages: [], unanswered: [] });
  expect(readPlutoLog(said('loading secrets from "/run/crossnat/ipsec.secrets"'))).toEqual({
    stages: [],
    unanswered: [],
  });
});

test.each(['sent Main Mode I3', 'sent Main Mode R2'])(
  'keys that were answered (%s) without a word about NAT had nothing to detect',
  (answer) => {
    const { stages, natSeen } = readPlutoLog(said(`"l2tp"[1] 198.18.1.10 #1: ${answer}`));
    expect(stages).toMatchObject([{ stage: 'nat-detection', state: 'skipped' }]);
    expect(natSeen).toBeUndefined();
  },
);

// The number and the name are those of pluto's vendor ID table; the last one that is set is the best that was named.
const named = (id: string) => `|  quirks.qnat_traversal_vid set to=109 [${id}]`;
const used = '| enabling possible NAT-traversal with method draft-ietf-ipsec-nat-t-ike-02/03';
test.each([
  [[named('draft-ietf-ipsec-nat-t-ike-02_n'), used], 'draft-02n'],
  [[named('draft-ietf-ipsec-nat-t-ike-02'), named('draft-ietf-ipsec-nat-t-ike-03'), used], 'draft-03'],
  [[named('RFC 3947'), '| flagging possible NAT-traversal with method RFC 3947 (NAT-Traversal)'], 'rfc3947'],
  // A responder that was told to do without.
  [[named('RFC 3947')], undefined],
])('%j: NAT-T %s', (lines, revision) => {
  expect(readPlutoLog(said(...lines)).natTraversal).toBe(revision);
});

const up4 =
  '"l2tp" #1: IKE SA established {auth=PRESHARED_KEY cipher=3DES_CBC_192 integ=HMAC_MD5 group=MODP1536}';
const up5 =
  '"l2tp"[2] 198.18.1.10 #1: ISAKMP SA established {auth=PRESHARED_KEY cipher=AES_CBC_128 integ=HMAC_SHA1 group=MODP2048}';
const esp =
  '"l2tp" #2: IPsec SA established transport mode {ESP=>0xe405106c <0xcb44021c xfrm=AES_CBC_256-HMAC_SHA2_256_128 DPD=passive}';

test('names transforms in the words of records, without encapsulation too', () => {
  expect(readPlutoLog(said(up4, esp))).toMatchObject({
    phase1: '3des-md5-modp1536',
    phase2: 'aes256-sha256',
    spis: { outbound: 0xe405106c, inbound: 0xcb44021c },
  });
  expect(readPlutoLog(said(up5)).phase1).toBe('aes128-sha1-modp2048');
});

// Lines of pluto 4.10 and 5.2 that had been told to disagree with their peers.
test.each([
  [
    [
      'packet from 198.18.1.10:500: initial Main Mode message received but no connection has been authorized with authby=PSK and xauth=no',
    ],
    'phase1',
    'no-policy',
  ],
  [
    [
      'packet from 198.18.1.10:500: initial Aggressive Mode message from 198.18.1.10:500 but no (wildcard) connection has been configured with authby PSK',
    ],
    'phase1',
    'no-policy',
  ],
  [['"l2tp"[1] 198.18.1.10 #1: no acceptable Oakley Transform'], 'phase1', 'no-proposal-chosen'],
  [
    ['"l2tp" #1: ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12'],
    'phase1',
    'no-proposal-chosen',
  ],
  [
    ['"l2tp" #1: ignoring unsecured informational payload NO_PROPOSAL_CHOSEN, length=12'],
    'phase1',
    'no-proposal-chosen',
  ],
  [
    ['"l2tp" #1: Peer ID \'10.0.0.2\' mismatched on first found connection and no better connection found'],
    'phase1',
    'id-mismatch',
  ],
  [
    [
      '"l2tp"[1] 198.18.1.10 #1: 47567-byte length of ISAKMP Identification Payload is larger than can fit',
      '"l2tp"[1] 198.18.1.10 #1: probable authentication failure (mismatch of preshared secrets?): malformed payload in packet',
    ],
    'phase1',
    'auth-failed',
  ],
  [['"l2tp" #1: KE has 255 byte DH public value; 256 required'], 'phase1', 'unknown'],
  [[up4, '"l2tp"[2] 198.18.1.10 #2: no acceptable Proposal in IPsec SA'], 'phase2', 'no-proposal-chosen'],
  [
    [up4, '"l2tp"[3] 198.18.1.10 #4: cannot install eroute -- it is in use for "l2tp"[2] 198.18.1.10 #2'],
    'phase2',
    'no-policy',
  ],
  [
    [
      up5,
      '"l2tp"[3] 198.18.1.10 #4: cannot install kernel policy 198.18.2.10/32/UDP/1701===198.18.1.10/32/UDP/1701; in use by established Child SA "l2tp"[2] 198.18.1.10 #2 with routing routed-tunnel',
    ],
    'phase2',
    'no-policy',
  ],
  [
    [up5, '"l2tp" #1: ignoring secured informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12'],
    'phase2',
    'no-proposal-chosen',
  ],
])('a refusal %j stops at %s: %s', (texts, stage, reason) => {
  const stop = readPlutoLog(said(...texts)).stages.find(({ state }) => state === 'stopped');
  expect(stop).toMatchObject({ stage, reason });
});

test('noise beside a phase 1 that is up is no wrong key', () => {
  const noise = '"l2tp" #1: malformed payload in packet';
  const { stages } = readPlutoLog(said(up4, noise));
  expect(stages.filter(({ state }) => state === 'stopped')).toEqual([]);
});

test('a request that was repeated is named by its state, until anything answers it', () => {
  const first = ['"l2tp" #1: sent Main Mode request'];
  const third = [...first, '"l2tp" #1: sent Main Mode I2'];
  const fifth = [...third, '"l2tp" #1: sent Main Mode I3'];
  const quick = [...fifth, up4, '"l2tp" #2: sent Quick Mode request'];
  const again = (state: string, seconds: number) =>
    `"l2tp" #1: STATE_${state}: retransmission; will wait ${seconds} seconds for response`;
  const unanswered = (...lines: string[]) => readPlutoLog(said(...lines)).unanswered;
  expect(unanswered(...first)).toEqual([]);
  expect(unanswered(...first, again('MAIN_I1', 0.5), again('MAIN_I1', 1))).toEqual([
    { what: 'main mode message 1', transmissions: 3 },
  ]);
  expect(unanswered(...third, again('MAIN_I2', 0.5))).toEqual([
    { what: 'main mode message 3', transmissions: 2 },
  ]);
  expect(unanswered(...third, again('MAIN_I2', 0.5), '"l2tp" #1: sent Main Mode I3')).toEqual([]);
  expect(unanswered(...fifth, again('MAIN_I3', 0.5), again('MAIN_I3', 1), again('MAIN_I3', 2))).toEqual([
    { what: 'main mode message 5', transmissions: 4 },
  ]);
  expect(unanswered(...quick, again('QUICK_I1', 0.5))).toEqual([
    { what: 'quick mode message 1', transmissions: 2 },
  ]);
  const refusal = '"l2tp" #1: ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12';
  expect(unanswered(...first, again('MAIN_I1', 0.5), refusal)).toEqual([]);
});

test("a responder's own repetitions are no requests of its", () => {
  const again = '"l2tp"[1] 198.18.1.10 #1: STATE_MAIN_R2: retransmission; will wait 0.5 seconds for response';
  expect(readPlutoLog(said(again, again)).unanswered).toEqual([]);
});

test.each([
  ['"l2tp" #1: sent Main Mode request', '1'],
  ['"l2tp"[2] 198.18.1.10 #13: no acceptable Proposal in IPsec SA', '13'],
  ['"l2tp"[1] 198.18.1.10: deleting connection instance with peer 198.18.1.10', undefined],
  ['| *received 76 bytes from 198.18.1.10:4500 on internet 198.18.2.10:4500 using UDP', undefined],
])('%s is about state %s', (line, state) => {
  expect(namesState(line)).toBe(state);
});

test('keeps the lines that it reads, and no other debugging', () => {
  const kept = new RegExp(keptLines.replaceAll('[|]', '\\|').replaceAll('[*]', '\\*'));
  const recorded = ['client-4', 'client-5', 'responder-4', 'responder-5'].flatMap(fixture);
  for (const { text } of recorded.filter(({ program }) => program === 'pluto')) expect(text).toMatch(kept);
  for (const debugging of [
    '| ***emit ISAKMP NAT-D Payload:',
    '| emitting length of ISAKMP Vendor ID Payload: 20',
    '| newref : g_ir-key@0x552ad77650 (256-bytes, CONCATENATE_DATA_AND_BASE)',
  ]) {
    expect(debugging).not.toMatch(kept);
  }
});

// Lines of a 4.10 that answered our stack.
test('groups of elliptic curves go by their numbers, and GCM has no hash', () => {
  const { phase1, phase2 } = readPlutoLog(
    linesOf(
      'pluto',
      '"l2tp"[2] 198.18.1.10 #1: IKE SA established {auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA2_384 group=DH20}',
      '"l2tp"[2] 198.18.1.10 #2: IPsec SA established transport mode {ESPinUDP=>0x8ff280a3 <0x71e10a52 xfrm=AES_GCM_16_128-NONE NATOA=192.168.1.10 NATD=198.18.1.10:4500 DPD=unsupported}',
    ),
  );
  expect([phase1, phase2]).toEqual(['aes256-sha384-ecp384', 'aes128gcm16']);
});
