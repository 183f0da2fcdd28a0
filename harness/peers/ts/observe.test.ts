import { expect, test } from 'vitest';
import type { Fact } from '../../../stack/fact.ts';
import { peerObservationSchema } from '../../observation.ts';
import { observe } from './observe.ts';

const local = { ip: '192.168.1.10', port: 500 };
const peer = { ip: '198.18.2.10', port: 500 };

function ike(direction: 'sent' | 'received', message: number, transmission = 1): Fact {
  return {
    fact: 'ike-message',
    direction,
    exchange: 'main-mode',
    message,
    transmission,
    messageId: 0,
    local,
    peer,
  };
}
const timed = (facts: readonly Fact[]) => facts.map((fact, index) => ({ atMs: index * 10, fact }));
const read = (...facts: Fact[]) => observe('ts', 'test', timed(facts));
const stopOf = (...facts: Fact[]) => read(...facts).stages.at(-1);

const phase1Done: Fact[] = [
  ike('sent', 1),
  ike('received', 2),
  { fact: 'nat-traversal-chosen', revision: 'draft-02n' },
  { fact: 'nat-detected', localBehindNat: true, peerBehindNat: false },
  {
    fact: 'phase1-proposal-chosen',
    transform: { encryption: '3des-cbc', hash: 'sha1', group: 2, lifetimeSeconds: 28_800 },
    offered: 1,
  },
  { fact: 'phase1-established', peerIdentity: '198.18.2.10' },
];
const phase2Done: Fact[] = [
  {
    fact: 'phase2-proposal-chosen',
    algorithms: { encryption: 'des-cbc', integrity: 'hmac-md5-96' },
    offered: 0,
  },
  { fact: 'phase2-established', inboundSpi: 1, outboundSpi: 2, encapsulation: 'udp' },
];
const linkDone: Fact[] = [
  { fact: 'esp-sent', spi: 2 },
  { fact: 'esp-received', spi: 1 },
  { fact: 'l2tp-tunnel-established', localTunnelId: 1, peerTunnelId: 2, peerHostName: 'x' },
  { fact: 'l2tp-session-established', localSessionId: 1, peerSessionId: 2 },
  { fact: 'lcp-opened', authentication: 'chap-md5', mru: 1400 },
  { fact: 'ppp-authenticated', user: 'dialin1' },
  { fact: 'ipcp-opened', localAddress: '192.168.8.50', peerAddress: '192.168.2.1', dns: ['192.168.2.10'] },
];

test('a whole connection: every stage done, with what was chosen', () => {
  const seen = read(...phase1Done, ...phase2Done, ...linkDone);
  expect(seen.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
    'reach done',
    'nat-detection done',
    'phase1 done',
    'phase2 done',
    'esp done',
    'l2tp-tunnel done',
    'l2tp-session done',
    'ppp-lcp done',
    'ppp-auth done',
    'ppp-ipcp done',
  ]);
  expect(seen).toMatchObject({
    phase1: '3des-sha1-modp1024',
    phase2: 'des-md5',
    natTraversal: 'draft-02n',
    natSeen: { localBehindNat: true, peerBehindNat: false },
    encapsulation: 'udp',
    innerAddress: '192.168.8.50',
    dns: ['192.168.2.10'],
    unanswered: [],
  });
});

test('silence to message 1 stops at reach, unanswered', () => {
  const seen = read(ike('sent', 1), ike('sent', 1, 2), ike('sent', 1, 3), ike('sent', 1, 4));
  expect(seen.stages).toHaveLength(1);
  expect(seen.stages[0]).toMatchObject({ stage: 'reach', state: 'stopped', reason: 'no-answer' });
  expect(seen.unanswered).toEqual([{ what: 'main-mode message 1', transmissions: 4 }]);
});

test('without NAT-T detection is skipped, never done', () => {
  const seen = read(ike('sent', 1), ike('received', 2), { fact: 'phase1-established', peerIdentity: 'x' });
  expect(seen.stages[1]).toMatchObject({ stage: 'nat-detection', state: 'skipped' });
});

test('a client without IPsec skips what belongs to it, and stops at its first message (rule FW-5)', () => {
  const sent = (transmission: number): Fact => ({
    fact: 'l2tp-message',
    direction: 'sent',
    message: 'SCCRQ',
    transmission,
  });
  const { stages } = read({ fact: 'without-ipsec' }, sent(1), sent(2), sent(3));
  expect(stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
    ...['reach', 'nat-detection', 'phase1', 'phase2', 'esp'].map((stage) => `${stage} skipped`),
    'l2tp-tunnel stopped',
  ]);
  expect(stages.at(-1)).toMatchObject({ reason: 'no-answer', detail: 'SCCRQ sent 3 times' });
});

test('what a responder does not let in is why nothing reached it', () => {
  const detail = 'rule 3 allows UDP 1701 at 198.18.2.10 only from IPsec';
  expect(stopOf({ fact: 'packet-dropped', reason: 'firewall', detail })).toMatchObject({
    stage: 'reach',
    reason: 'no-answer',
    detail: `what came was not let in: ${detail}`,
  });
});

test('a client that could not begin says so at once (rule WIN-12)', () => {
  const failed: Fact = {
    fact: 'ike-failed',
    phase: 1,
    reason: 'not-dialled',
    detail: 'its IPsec service is stopped',
  };
  expect(stopOf(failed)).toMatchObject({ stage: 'reach', reason: 'nothing-sent' });
});

test('a client that refuses what NAT detection showed stops there (field facts C2, reading a)', () => {
  const refused: Fact = { fact: 'ike-failed', phase: 1, reason: 'nat-refused', detail: 'rule 0' };
  expect(stopOf(...phase1Done.slice(0, 4), refused)).toMatchObject({
    stage: 'nat-detection',
    state: 'stopped',
    reason: 'nat-refused',
  });
});

test('aggressive mode completes and fails by the same facts, and is named where it stays unanswered', () => {
  const aggressive = (direction: 'sent' | 'received', message: number, transmission = 1): Fact => ({
    fact: 'ike-message',
    direction,
    exchange: 'aggressive-mode',
    message,
    transmission,
    messageId: 0,
    local,
    peer,
  });
  const opened = [aggressive('sent', 1), aggressive('received', 2)];
  const told = opened.concat(phase1Done.slice(2));
  expect(
    read(...told)
      .stages.slice(0, 3)
      .map(({ stage, state }) => `${stage} ${state}`),
  ).toEqual(['reach done', 'nat-detection done', 'phase1 done']);
  const failed: Fact = { fact: 'ike-failed', phase: 1, reason: 'auth-failed', detail: 'HASH_R' };
  expect(stopOf(...opened, failed)).toMatchObject({ stage: 'phase1', reason: 'auth-failed' });
  const refused: Fact = { fact: 'ike-failed', phase: 1, reason: 'no-policy', detail: 'not accepted' };
  expect(stopOf(aggressive('received', 1), refused)).toMatchObject({ stage: 'phase1', reason: 'no-policy' });
  expect(stopOf(aggressive('sent', 1), aggressive('sent', 1, 2))).toMatchObject({
    stage: 'reach',
    reason: 'no-answer',
    detail: 'aggressive-mode message 1 sent 2 times',
  });
});

test('phases 1 and 2 complete and ESP never leaves (field facts C2, reading b)', () => {
  const withheld: Fact = { fact: 'esp-withheld', detail: 'rule 0' };
  expect(stopOf(...phase1Done, ...phase2Done, withheld)).toMatchObject({
    stage: 'esp',
    reason: 'esp-never-sent',
  });
});

test('ESP that leaves and never comes back was dropped', () => {
  expect(stopOf(...phase1Done, ...phase2Done, { fact: 'esp-sent', spi: 2 })).toMatchObject({
    stage: 'esp',
    reason: 'esp-dropped',
  });
});

test('whether ESP was lost or never sent cannot be told by who waits for it', () => {
  expect(stopOf(...phase1Done, ...phase2Done)).toMatchObject({ stage: 'esp', reason: 'unknown' });
});

test('ESP whose integrity check fails was not lost on the way (rule ESP-1)', () => {
  const refused: Fact = { fact: 'packet-dropped', reason: 'bad-icv', detail: 'SPI 1' };
  expect(stopOf(...phase1Done, ...phase2Done, { fact: 'esp-sent', spi: 2 }, refused)).toMatchObject({
    stage: 'esp',
    reason: 'bad-icv',
    detail: 'ESP came and was refused: bad-icv, SPI 1',
  });
});

test('an L2TP message whose checksum NAT made wrong is what stopped the tunnel (rule NAT-11)', () => {
  const facts: Fact[] = [
    ...phase1Done,
    ...phase2Done,
    { fact: 'esp-received', spi: 1 },
    { fact: 'packet-dropped', reason: 'bad-checksum', detail: 'UDP inside ESP' },
  ];
  expect(stopOf(...facts)).toMatchObject({ stage: 'l2tp-tunnel', reason: 'bad-checksum' });
});

test('the SAs that stand are told with what went through them, and the ids of L2TP by whose they are', () => {
  const common = {
    path: 'p',
    algorithms: { encryption: '3des-cbc', integrity: 'hmac-sha1-96' },
    mode: 'transport',
    encapsulation: 'udp',
    dummies: 0,
    drops: {},
  } as const;
  const seen = observe('ts', 'test', timed([...phase1Done, ...phase2Done, ...linkDone]), [
    { ...common, direction: 'in', spi: 1, packets: 3, octets: 300 },
    { ...common, direction: 'out', spi: 2, packets: 4, octets: 400 },
  ]);
  const told = { algorithms: '3des-sha1', encapsulation: 'udp' };
  expect(seen.sas).toEqual([
    { ...told, direction: 'in', spi: 1, packets: 3, octets: 300 },
    { ...told, direction: 'out', spi: 2, packets: 4, octets: 400 },
  ]);
  expect(seen.l2tp).toEqual({ tunnelId: 1, peerTunnelId: 2, sessionId: 1, peerSessionId: 2 });
  expect(peerObservationSchema.parse(seen)).toEqual(seen);
});

test('an endpoint that could not be asked tells of no SAs, and one without a tunnel of no ids', () => {
  const seen = read(...phase1Done, ...phase2Done);
  expect(seen).not.toHaveProperty('sas');
  expect(seen).not.toHaveProperty('l2tp');
});

test.each([
  ['received', 'peer'],
  ['sent', 'self'],
] as const)('a CDN that was %s ended the call, by %s', (direction, by) => {
  const detail = 'CDN result 3 (administrative reasons)';
  const cdn: Fact = { fact: 'l2tp-ended', direction, message: 'CDN', result: 3, detail };
  const up = [...phase1Done, ...phase2Done, ...linkDone.slice(0, 4)];
  expect(read(...up, cdn).callEnd).toEqual({ by, resultCode: 3 });
  const without: Fact = { fact: 'l2tp-ended', direction, message: 'CDN', detail: 'CDN without result code' };
  expect(read(...up, without).callEnd).toEqual({ by });
  // The end of a tunnel is not the end of a call.
  expect(read(...up, { ...cdn, message: 'StopCCN' })).not.toHaveProperty('callEnd');
  expect(read(...phase1Done, ...phase2Done, ...linkDone)).not.toHaveProperty('callEnd');
});

test('a refused password stops at authentication', () => {
  const failed: Fact = { fact: 'ppp-failed', layer: 'auth', reason: 'auth-failed', detail: 'E=691' };
  expect(stopOf(...phase1Done, ...phase2Done, ...linkDone.slice(0, 5), failed)).toMatchObject({
    stage: 'ppp-auth',
    reason: 'ppp-auth-failed',
  });
});

test('a stop that no fact explains has the reason unknown, which meets no expectation', () => {
  expect(stopOf(...phase1Done)).toMatchObject({ stage: 'phase2', state: 'stopped', reason: 'unknown' });
});

test('an answer clears what was unanswered', () => {
  expect(read(ike('sent', 1), ike('sent', 1, 2), ike('received', 2)).unanswered).toEqual([]);
});
