import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesOf, logLines } from '../linux/testing/log-text.ts';
import { namesIkeSa, readCharonLog, transform } from './charon-log.ts';

const fixture = (file: string) => logLines(readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8'));
const said = (...texts: string[]) => linesOf('charon', ...texts);

// A connection of each release with itself, with the client behind NAT. The captures between both ends show these
// SPIs in ESP; the responder was told to take 3DES with SHA-1 first in phase 2, and both to offer AES-256 with
// SHA-256 and 2048 bits first in phase 1.
const toResponder = { '5.9.8': 0xcfa2925d, '6.0.1': 0xc348da80 };
const toClient = { '5.9.8': 0xc4ce50a8, '6.0.1': 0xc073d0be };
test.each([
  ['client', 'client.log', '5.9.8'],
  ['client', 'client-6.0.1.log', '6.0.1'],
  ['responder', 'responder.log', '5.9.8'],
  ['responder', 'responder-6.0.1.log', '6.0.1'],
] as const)('reads a whole connection at the %s: %s of %s', (role, file, release) => {
  const isClient = role === 'client';
  const [inbound, outbound] = isClient ? [toClient, toResponder] : [toResponder, toClient];
  const { stages, ...others } = readCharonLog(fixture(file));
  expect(others).toEqual({
    natSeen: { localBehindNat: isClient, peerBehindNat: !isClient },
    spis: { inbound: inbound[release], outbound: outbound[release] },
    natTraversal: 'rfc3947',
    phase1: 'aes256-sha256-modp2048',
    phase2: '3des-sha1',
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
  expect(readCharonLog([])).toEqual({ stages: [], unanswered: [] });
});

test('without NAT-D payloads there was nothing to detect', () => {
  const { stages, natSeen } = readCharonLog(said('07[ENC] parsed ID_PROT request 0 [ KE No ]'));
  expect(stages).toMatchObject([{ stage: 'nat-detection', state: 'skipped' }]);
  expect(natSeen).toBeUndefined();
});

test.each([
  ['received draft-ietf-ipsec-nat-t-ike-02\\n vendor ID', 'draft-02n'],
  ['received draft-ietf-ipsec-nat-t-ike-02 vendor ID', 'draft-02'],
  ['received draft-ietf-ipsec-nat-t-ike-03 vendor ID', 'draft-03'],
  ['received draft-ietf-ipsec-nat-t-ike-00 vendor ID', undefined],
  ['received DPD vendor ID', undefined],
])('%s: NAT-T %s', (line, revision) => {
  expect(readCharonLog(said(`08[IKE] ${line}`)).natTraversal).toBe(revision);
});

const keys = '05[ENC] parsed ID_PROT request 0 [ KE No NAT-D NAT-D ]';
const up = '13[IKE] IKE_SA l2tp[1] established between 198.18.1.10[198.18.1.10]...198.18.2.10[198.18.2.10]';

// Lines of charon that had been told to disagree; 5.9.8 and 6.0.1 say the same.
test.each([
  [['07[IKE] no proposal found'], 'phase1', 'no-proposal-chosen'],
  [['12[IKE] received NO_PROPOSAL_CHOSEN error notify'], 'phase1', 'no-proposal-chosen'],
  [
    [
      keys,
      '16[ENC] invalid ID_V1 payload length, decryption failed?',
      '16[ENC] could not decrypt payloads',
      '16[IKE] message parsing failed',
      '16[IKE] ID_PROT request with message ID 0 processing failed',
    ],
    'phase1',
    'auth-failed',
  ],
  [["16[IKE] IDir '10.0.0.2' does not match to '198.18.2.10'"], 'phase1', 'id-mismatch'],
  [[up, '09[IKE] no matching proposal found, sending NO_PROPOSAL_CHOSEN'], 'phase2', 'no-proposal-chosen'],
  [[up, '15[IKE] received NO_PROPOSAL_CHOSEN error notify'], 'phase2', 'no-proposal-chosen'],
  [
    [up, '15[IKE] no matching CHILD_SA config found for 192.168.1.10/32[udp] === 198.18.2.10/32[udp/l2f]'],
    'phase2',
    'id-mismatch',
  ],
])('a refusal %j stops at %s: %s', (texts, stage, reason) => {
  const stop = readCharonLog(said(...texts)).stages.find(({ state }) => state === 'stopped');
  expect(stop).toMatchObject({ stage, reason });
});

test('noise before any keys, or beside a phase 1 that is up, is no wrong key', () => {
  const failed = '16[IKE] ID_PROT request with message ID 0 processing failed';
  for (const lines of [[failed], [keys, up, failed]]) {
    const { stages } = readCharonLog(said(...lines));
    expect(stages.filter(({ state }) => state === 'stopped')).toEqual([]);
  }
});

test('a request that was repeated is named by its payloads, until its response comes', () => {
  const first = ['15[ENC] generating ID_PROT request 0 [ SA V V V V V ]'];
  const third = [
    ...first,
    '06[ENC] parsed ID_PROT response 0 [ SA V V V ]',
    '06[ENC] generating ID_PROT request 0 [ KE No NAT-D NAT-D ]',
  ];
  const fifth = ['10[ENC] generating ID_PROT request 0 [ ID HASH ]'];
  const quick = ['13[ENC] generating QUICK_MODE request 3211587345 [ HASH SA No ID ID ]'];
  const again = (count: number) => `14[IKE] sending retransmit ${count} of request message ID 0, seq 3`;
  const unanswered = (...lines: string[]) => readCharonLog(said(...lines)).unanswered;
  expect(unanswered(...first)).toEqual([]);
  expect(unanswered(...first, again(1), again(2))).toEqual([
    { what: 'main mode message 1', transmissions: 3 },
  ]);
  expect(unanswered(...third, again(1))).toEqual([{ what: 'main mode message 3', transmissions: 2 }]);
  expect(unanswered(...fifth, again(3))).toEqual([{ what: 'main mode message 5', transmissions: 4 }]);
  expect(unanswered(...quick, again(1))).toEqual([{ what: 'quick mode message 1', transmissions: 2 }]);
  expect(unanswered(...fifth, again(3), '13[ENC] parsed ID_PROT response 0 [ ID HASH ]')).toEqual([]);
});

// charon's names on the left (enc_names of its proposal keywords), ours on the right.
test.each([
  ['AES_CBC_256/HMAC_SHA2_384_192/PRF_HMAC_SHA2_384/ECP_384', 'aes256-sha384-ecp384'],
  ['AES_GCM_16_128/NO_EXT_SEQ', 'aes128gcm16'],
  ['AES_CTR_256/HMAC_SHA1_96/NO_EXT_SEQ', 'aes256ctr-sha1'],
  ['AES_CBC_128/HMAC_SHA1_96/EXT_SEQ', 'aes128-sha1-esn'],
  ['AES_CBC_128/HMAC_SHA2_256_96/NO_EXT_SEQ', 'aes128-sha256_96'],
  ['3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024', '3des-sha1-modp1024'],
  ['DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_768', 'des-md5-modp768'],
  ['AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', 'aes256-sha256-modp2048'],
  ['AES_CBC_128/HMAC_SHA1_96/NO_EXT_SEQ', 'aes128-sha1'],
  ['NULL/HMAC_SHA1_96/NO_EXT_SEQ', 'null-sha1'],
])('%s is %s', (proposal, words) => {
  expect(transform(proposal)).toBe(words);
});

// Lines of charon 5.9.8 with `ike_name`.
test('a line names its IKE SA, and reads like one that does not', () => {
  const [unchosen, chosen, nobodys] = [
    '05[IKE] <2> remote host is behind NAT',
    '11[NET] <l2tp|2> sending packet: from 198.18.2.10[4500] to 198.18.1.10[25166] (92 bytes)',
    '13[CFG] loaded IKE shared key with id',
  ];
  expect([unchosen, chosen, nobodys].map(namesIkeSa)).toEqual(['2', '2', undefined]);
  const whole = fixture('responder.log');
  const named = whole.map((line) => ({ ...line, text: line.text.replace(/^(\d+\[\w+\]) /, '$1 <l2tp|1> ') }));
  expect(readCharonLog(named)).toEqual(readCharonLog(whole));
});

// Lines of a 5.9.8 that took aggressive mode and PFS from our stack.
test('aggressive mode detects NAT in its own messages, and the group of PFS is no part of the transform', () => {
  const reading = readCharonLog(
    linesOf(
      'charon',
      '14[ENC] <l2tp|1> parsed AGGRESSIVE request 0 [ NAT-D NAT-D HASH ]',
      '14[IKE] <l2tp|1> remote host is behind NAT',
      '09[CFG] <l2tp|1> selected proposal: ESP:AES_CBC_256/HMAC_SHA2_256_128/ECP_256/NO_EXT_SEQ',
    ),
  );
  expect(reading.stages).toContainEqual(expect.objectContaining({ stage: 'nat-detection', state: 'done' }));
  expect(reading.natSeen).toEqual({ localBehindNat: false, peerBehindNat: true });
  expect(reading.phase2).toBe('aes256-sha256');
});
