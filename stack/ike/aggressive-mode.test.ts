import { expect, test } from 'vitest';
import { decodeHeader } from '../isakmp/header.ts';
import { equalOctets, hex } from '../octets.ts';
import { aggressiveModeMessage } from './aggressive-mode.ts';
import type { Phase1Transform } from './config.ts';
import { initiatorHash, responderHash } from './phase1-authentication.ts';
import { phase1Iv } from './phase1-keys.ts';
import {
  AggressiveEnds,
  advanced,
  client,
  outside,
  payloadsIn,
  server,
  type Way,
} from './testing/aggressive-ends.ts';
import { phase1Transform } from './testing/configs.ts';

/** The whole of it. */
function run(way: Way = {}) {
  const ends = new AggressiveEnds(way);
  const first = ends.start();
  const second = advanced(ends.answer(first.message));
  const third = advanced(ends.finish(first.state, second.answer));
  const behindNat = third.ends?.local.port === 4500;
  const from = behindNat ? { ...ends.from, port: ends.from === client ? 4500 : 61_001 } : ends.from;
  const to = behindNat ? { ...server, port: 4500 } : server;
  const last = advanced(ends.accept(second.state, third.answer, from, to));
  return { first, second, third, last };
}

const typesIn = (octets: Uint8Array) => payloadsIn(octets).map(({ payload }) => payload.payload);

test('three messages carry what RFC 2409 5.4 and RFC 3947 4 say, and both ends come to the same keys', () => {
  const { first, second, third, last } = run();
  const vendorIds = ['vendor-id', 'vendor-id'];
  expect(typesIn(first.message)).toEqual([
    'security-association',
    'key-exchange',
    'nonce',
    'identification',
    ...vendorIds,
  ]);
  expect(typesIn(second.answer)).toEqual([
    'security-association',
    'key-exchange',
    'nonce',
    'identification',
    'vendor-id',
    'nat-d',
    'nat-d',
    'hash',
  ]);
  expect(decodeHeader(third.answer)).toMatchObject({
    value: {
      exchangeType: 4,
      flags: { encryption: true },
      messageId: 0,
      nextPayload: 20,
    },
  });
  expect(last.state.keys).toEqual(third.state.keys);
  expect(hex(last.state.iv)).toBe(hex(third.state.iv));
  expect(last.facts).toContainEqual({ fact: 'phase1-established', peerIdentity: client.ip });
  expect(third.facts).toContainEqual({ fact: 'phase1-established', peerIdentity: server.ip });
  expect(last.state.nat).toMatchObject({ localBehindNat: false, peerBehindNat: false });
});

test('behind a NAT message 3 goes to port 4500, and its NAT-D is of the ports that it has (RFC 3947 4)', () => {
  const { third, last } = run({ from: outside });
  expect(third.ends).toEqual({ local: { ...client, port: 4500 }, peer: { ...server, port: 4500 } });
  expect(third.state.nat).toMatchObject({ localBehindNat: true, peerBehindNat: false });
  expect(last.state.nat).toMatchObject({ localBehindNat: false, peerBehindNat: true, encapsulates: true });
});

test('without NAT traversal at one end nothing is detected and no port changes', () => {
  const { second, third, last } = run({
    initiator: { natTraversal: [] },
    from: outside,
    responder: { expectedPeerIdentity: 'any' },
  });
  expect(typesIn(second.answer)).not.toContain('nat-d');
  expect(third.ends).toEqual({ local: client, peer: server });
  expect(last.state.nat).toBeUndefined();
});

test.each<Partial<Phase1Transform>>([
  { group: 5 },
  { group: 14, hash: 'sha2-256', encryption: 'aes-cbc-256' },
  { group: 19, hash: 'sha2-512', encryption: 'aes-cbc-192' },
  { group: 20, hash: 'sha2-384', encryption: 'aes-cbc-128' },
])('it works with %o', (change) => {
  const phase1 = [{ ...phase1Transform, ...change }];
  const { third, last } = run({ initiator: { phase1 }, responder: { phase1 } });
  expect(hex(last.state.keys.encryptionKey)).toBe(hex(third.state.keys.encryptionKey));
});

test('the group cannot be negotiated: only transforms of the first one are offered (RFC 2409 5)', () => {
  const phase1: Phase1Transform[] = [
    { ...phase1Transform, group: 14 },
    { ...phase1Transform, group: 2 },
    { ...phase1Transform, group: 14, hash: 'md5' },
  ];
  const ends = new AggressiveEnds({
    initiator: { phase1 },
    responder: { phase1: [{ ...phase1Transform, group: 2 }] },
  });
  const { state, message } = ends.start();
  expect(state.transforms.map(({ group, hash }) => `${hash} ${group}`)).toEqual(['sha1 14', 'md5 14']);
  expect(ends.answer(message)).toMatchObject({
    step: 'fail',
    reason: 'no-proposal-chosen',
    notify: 'NO-PROPOSAL-CHOSEN',
  });
});

test('an offer of several groups is refused, for its one public value can be of one only', () => {
  const ends = new AggressiveEnds({});
  const { message } = ends.start();
  const payloads = payloadsIn(message).map((each) => {
    const { payload } = each;
    if (payload.payload !== 'security-association') return each;
    const [proposal] = payload.sa.proposals;
    const [transform] = proposal?.transforms ?? [];
    if (proposal === undefined || transform === undefined) throw new Error('no transform');
    const attributes = transform.attributes.map((attribute) =>
      attribute.type === 4 && attribute.form === 'TV' ? { ...attribute, value: 14 } : attribute,
    );
    const transforms = [transform, { ...transform, attributes }];
    return { ...each, payload: { ...payload, sa: { proposals: [{ ...proposal, transforms }] } } };
  });
  const step = ends.answerTo(payloads);
  expect(step).toMatchObject({ step: 'fail', reason: 'no-proposal-chosen' });
  expect(step.step === 'fail' && step.detail).toContain('several groups');
});

test('a responder that does not accept aggressive mode refuses it', () => {
  const ends = new AggressiveEnds({}, 'main mode alone');
  expect(ends.answer(ends.start().message)).toEqual({
    step: 'fail',
    reason: 'no-policy',
    detail: 'aggressive mode is not accepted here',
    notify: 'UNSUPPORTED-EXCHANGE-TYPE',
  });
});

test('another pre-shared key shows at the initiator, in HASH_R of message 2', () => {
  const ends = new AggressiveEnds({ responder: { preSharedKey: new Uint8Array(Buffer.from('another')) } });
  const first = ends.start();
  const second = advanced(ends.answer(first.message));
  expect(ends.finish(first.state, second.answer)).toMatchObject({ step: 'fail', reason: 'auth-failed' });
});

test('message 3 with another hash, or damaged, is no proof: the responder says that it failed', () => {
  const ends = new AggressiveEnds({});
  const first = ends.start();
  const second = advanced(ends.answer(first.message));
  const third = advanced(ends.finish(first.state, second.answer));
  // The last octets: NAT-D stands before HASH_I, which does not cover it.
  const damaged = third.answer.with(-1, (third.answer.at(-1) ?? 0) ^ 1);
  const failed = { step: 'fail', reason: 'auth-failed', notify: 'AUTHENTICATION-FAILED' };
  expect(ends.accept(second.state, damaged)).toMatchObject(failed);
  expect(ends.accept(second.state, third.answer).step).toBe('advance');
});

test('message 3 may come in the clear, and phase 2 then starts from the first IV of phase 1 (RFC 2409 5.4, appendix B)', () => {
  const ends = new AggressiveEnds({ initiator: { natTraversal: [] } });
  const first = ends.start();
  const second = advanced(ends.answer(first.message));
  const { keys, transcript } = advanced(ends.finish(first.state, second.answer)).state;
  const cookies = { initiatorCookie: new Uint8Array(8).fill(1), responderCookie: new Uint8Array(8).fill(2) };
  const inClear = (data: Uint8Array) => aggressiveModeMessage(cookies, [{ payload: 'hash', data }]);
  const hash = initiatorHash(keys, transcript, first.state.identity);
  const last = advanced(ends.accept(second.state, inClear(hash)));
  const { initiatorPublicValue, responderPublicValue } = transcript;
  const iv = phase1Iv('sha1', '3des-cbc', initiatorPublicValue, responderPublicValue);
  expect(hex(last.state.iv)).toBe(hex(iv));
  const wrong = inClear(responderHash(keys, transcript, first.state.identity));
  expect(ends.accept(second.state, wrong)).toMatchObject({ step: 'fail', reason: 'auth-failed' });
});

test('identities: any kind is told, and one that is not expected is refused once it is proven', () => {
  const expected = { expectedPeerIdentity: [{ type: 'key-id', id: '00ff' }] } as const;
  const known = run({ initiator: { identity: { type: 'key-id', id: '00ff' } }, responder: expected });
  expect(known.last.state.peerIdentity).toMatchObject({ idType: 11 });
  expect(equalOctets(known.last.state.peerIdentity.data, Uint8Array.of(0, 255))).toBe(true);
  const ends = new AggressiveEnds({
    initiator: { identity: { type: 'user-fqdn', name: 'a@b' } },
    responder: expected,
  });
  const first = ends.start();
  const second = advanced(ends.answer(first.message));
  const third = advanced(ends.finish(first.state, second.answer));
  expect(ends.accept(second.state, third.answer)).toMatchObject({
    step: 'fail',
    reason: 'id-mismatch',
    notify: 'INVALID-ID-INFORMATION',
  });
});

test('a message without SA, KE, nonce, identity or hash is not taken', () => {
  const ends = new AggressiveEnds({});
  const first = ends.start();
  const second = advanced(ends.answer(first.message));
  const without = (message: Uint8Array, kind: string) =>
    payloadsIn(message).filter(({ payload }) => payload.payload !== kind);
  for (const kind of ['security-association', 'key-exchange', 'nonce', 'identification']) {
    expect(ends.answerTo(without(first.message, kind)), kind).toMatchObject({ step: 'ignore' });
  }
  for (const kind of ['security-association', 'key-exchange', 'nonce', 'identification', 'hash']) {
    expect(ends.finishWith(first.state, without(second.answer, kind)), kind).toMatchObject({
      step: 'ignore',
    });
  }
});

test('public values that are none of the group are refused at either end', () => {
  const ends = new AggressiveEnds({});
  const first = ends.start();
  const second = advanced(ends.answer(first.message));
  const zeroed = (message: Uint8Array) => {
    const ke = payloadsIn(message).find(({ payload }) => payload.payload === 'key-exchange');
    const copy = message.slice();
    if (ke !== undefined) copy.fill(0, ke.end - ke.body.length, ke.end);
    return copy;
  };
  expect(ends.answer(zeroed(first.message))).toMatchObject({
    step: 'fail',
    reason: 'malformed',
    notify: 'INVALID-KEY-INFORMATION',
  });
  expect(ends.finish(first.state, zeroed(second.answer))).toMatchObject({
    step: 'fail',
    reason: 'malformed',
  });
});

test('a client whose rule forbids a responder behind NAT stops after message 2', () => {
  const natRule = { rule: 0, whenRefused: 'stop-after-nat-detection' } as const;
  const ends = new AggressiveEnds({ initiator: { natRule } });
  const first = ends.start();
  // The responder knows itself by another address than the one that was dialled.
  const step = ends.answerTo(payloadsIn(first.message), { ip: '192.168.1.1', port: 500 });
  expect(ends.finish(first.state, advanced(step).answer)).toMatchObject({
    step: 'fail',
    reason: 'nat-refused',
  });
});
