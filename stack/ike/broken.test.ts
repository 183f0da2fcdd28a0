import { expect, test } from 'vitest';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader } from '../isakmp/header.ts';
import { encodeMessage } from '../isakmp/message.ts';
import { encodePayload, type Payload } from '../isakmp/payload.ts';
import { publicValue } from './diffie-hellman.ts';
import { phase1Identification } from './identity.ts';
import { receiveMessage6, startMainMode } from './main-mode-initiator.ts';
import { mainModeMessage } from './main-mode-messages.ts';
import { natDetectionPayloads } from './nat-detection.ts';
import { initiatorHash } from './phase1-authentication.ts';
import { phase1Iv } from './phase1-keys.ts';
import { openMessage, sealMessage, withHash } from './protection.ts';
import { firstIv } from './quick-mode.ts';
import { initiatorConfig, phase1Transform } from './testing/configs.ts';
import {
  clientOf,
  offer,
  quickMode1,
  reasons,
  responderWith,
  selectors,
} from './testing/scripted-initiator.ts';
import { failures, nowhere, pair } from './testing/simulated-pair.ts';

/** An initiator with one fault each: the responder must notice, and the same message without the fault must pass. */

function identityAndHash(
  client: ReturnType<typeof clientOf>,
  state: ReturnType<typeof client.upToMessage5>['state'],
) {
  const id = phase1Identification(initiatorConfig.identity, client.local.ip);
  const identity: Payload = { payload: 'identification', id };
  const data = initiatorHash(state.keys, state.transcript, encodePayload(identity).body);
  return { identity, data };
}

function startOf({ initiatorCookie, responderCookie }: ReturnType<typeof clientOf>) {
  return { initiatorCookie, responderCookie, exchangeType: ExchangeType.identityProtection, messageId: 0 };
}

test.each([
  ['a right IV', (iv: Uint8Array) => iv, []],
  ['a wrong IV', (iv: Uint8Array) => iv.map((octet) => octet ^ 0xff), ['1 auth-failed']],
  ['an IV of zeros', (iv: Uint8Array) => new Uint8Array(iv.length), ['1 auth-failed']],
])('message 5 under %s', (_, spoil, expected) => {
  const client = clientOf(responderWith());
  const { state } = client.upToMessage5();
  const { initiatorPublicValue, responderPublicValue } = state.transcript;
  const iv = phase1Iv('sha1', '3des-cbc', initiatorPublicValue, responderPublicValue);
  const { identity, data } = identityAndHash(client, state);
  const answers = client.send(
    sealMessage(state.keys, spoil(iv), startOf(client), [identity, { payload: 'hash', data }]).octets,
  );
  expect(reasons(client)).toEqual(expected);
  expect(answers.length).toBe(expected.length === 0 ? 1 : 0);
});

test.each([
  ['a prf of another hash', 'md5', ['1 auth-failed']],
  ['the negotiated prf', 'sha1', []],
] as const)('HASH_I made with %s', (_, hash, expected) => {
  const client = clientOf(responderWith());
  const { state } = client.upToMessage5();
  const { initiatorPublicValue, responderPublicValue } = state.transcript;
  const iv = phase1Iv('sha1', '3des-cbc', initiatorPublicValue, responderPublicValue);
  const { identity } = identityAndHash(client, state);
  const data = initiatorHash({ ...state.keys, hash }, state.transcript, encodePayload(identity).body);
  client.send(sealMessage(state.keys, iv, startOf(client), [identity, { payload: 'hash', data }]).octets);
  expect(reasons(client)).toEqual(expected);
});

test('a stranger who knows the cookies cannot end a negotiation with false messages 5, nor fill the memory', () => {
  const client = clientOf(responderWith());
  const { message5 } = client.upToMessage5();
  for (let attempt = 1; attempt <= 5; attempt++) {
    client.send(message5.map((octet, index) => (index >= 28 ? octet ^ attempt : octet)));
  }
  expect(reasons(client)).toEqual(['1 auth-failed']);
  expect(client.facts.filter(({ fact }) => fact === 'packet-dropped').length).toBe(4);
  expect(client.send(message5).length).toBe(1);
});

test('message 5 in the clear is not looked into', () => {
  const client = clientOf(responderWith());
  const { message5 } = client.upToMessage5();
  client.send(message5.map((octet, index) => (index === 19 ? 0 : octet)));
  expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'unexpected' });
  expect(reasons(client)).toEqual([]);
  expect(client.send(message5).length).toBe(1);
});

test('a message 6 whose HASH_R does not verify establishes nothing', () => {
  const client = clientOf(responderWith());
  const { state, message5 } = client.upToMessage5();
  const { identity } = identityAndHash(client, state);
  const [message6 = new Uint8Array()] = client.send(message5);
  const forged = sealMessage(state.keys, state.iv, startOf(client), [
    identity,
    { payload: 'hash', data: new Uint8Array(20) },
  ]).octets;
  for (const [octets, step] of [
    [forged, { step: 'ignore', detail: 'HASH_R of message 6 does not verify' }],
    [message6, { step: 'advance' }],
  ] as const) {
    const header = decodeHeader(octets);
    if (!header.ok) throw new Error(header.error.detail);
    expect(receiveMessage6(state, header.value, octets)).toMatchObject(step);
  }
});

test('HASH(1) of quick mode under a wrong key, over wrong octets or under a wrong IV is dropped', () => {
  const client = clientOf(responderWith());
  const phase1 = client.establish();
  const { keys } = phase1;
  const payloads = [...offer, ...selectors];
  const start = { ...startOf(client), exchangeType: ExchangeType.quickMode, messageId: 1 };
  const wrongKey = withHash({ ...keys, authentication: keys.derivation }, 1, new Uint8Array(), payloads);
  const wrongOctets = withHash(keys, 2, new Uint8Array(), payloads);
  const right = withHash(keys, 1, new Uint8Array(), payloads);
  const iv = firstIv(phase1, 1);
  for (const [spoilt, spoiltIv] of [
    [wrongKey, iv],
    [wrongOctets, iv],
    [right, firstIv(phase1, 2)],
    [right, phase1.iv],
  ] as const) {
    expect(client.send(sealMessage(keys, spoiltIv, start, spoilt).octets)).toEqual([]);
    expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'malformed' });
  }
  // None of that spent the message id or harmed the SA.
  expect(client.send(quickMode1(client, phase1, 1, payloads).octets).length).toBe(1);
});

test('a wrong NAT-D hash shows a NAT that is not there, and phase 2 cannot agree on the encapsulation', () => {
  const { simulation, client, server } = pair(nowhere);
  // Next Payload 4 (KE) with the destination port 500 of the responder: message 3, whose end is a NAT-D hash.
  simulation.tamper = (datagram) => {
    const { payload, destination } = datagram;
    if (payload[16] !== 4 || destination.ip !== '198.18.0.2') return datagram;
    const last = payload.length - 1;
    return { ...datagram, payload: payload.map((octet, index) => (index === last ? octet ^ 1 : octet)) };
  };
  simulation.runTo(120_000);
  expect(server.factsNamed('nat-detected')).toMatchObject([{ localBehindNat: false, peerBehindNat: true }]);
  expect(client.factsNamed('nat-detected')).toMatchObject([{ localBehindNat: false, peerBehindNat: false }]);
  expect(failures(server)).toEqual([[2, 'no-proposal-chosen']]);
});

test('NAT-D under the number of another revision is not taken', () => {
  const client = clientOf(responderWith());
  const first = startMainMode(initiatorConfig, client);
  const [message2 = new Uint8Array()] = client.send(first.message);
  client.responderCookie = message2.slice(8, 16);
  const { initiatorCookie, responderCookie, local, peer } = client;
  const context = {
    initiatorCookie,
    responderCookie,
    config: initiatorConfig,
    random: (length: number) => new Uint8Array(length),
    ends: { local, peer },
  };
  const negotiated = {
    transform: phase1Transform,
    revision: 'draft-02n',
    initiatorSa: new Uint8Array(),
  } as const;
  client.send(
    mainModeMessage(client, [
      { payload: 'key-exchange', data: publicValue(2, Uint8Array.of(99)) },
      { payload: 'nonce', data: new Uint8Array(16) },
      ...natDetectionPayloads(context, negotiated),
    ]),
  );
  const facts = client.facts.filter(({ fact }) => fact === 'nat-detected' || fact === 'warning');
  expect(facts).toEqual([{ fact: 'warning', detail: 'rfc3947 agreed, but 0 NAT-D payloads came' }]);
});

test('a length that is off by one, in any attribute or payload of message 1, opens nothing', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const { message } = startMainMode(initiatorConfig, client);
  // Header 28, SA payload, proposal, transform, the four-octet lifetime, first vendor id (RFC 2408 3.1 to 3.6).
  const attribute = message.findIndex(
    (octet, index) => octet === 0 && message[index + 1] === 12 && message[index + 3] === 4,
  );
  const saLength = (message[30] ?? 0) * 256 + (message[31] ?? 0);
  for (const last of [27, 31, 43, 51, attribute + 3, 28 + saLength + 3]) {
    for (const difference of [-1, 1]) {
      const broken = message.slice();
      broken[last] = (broken[last] ?? 0) + difference;
      expect(client.send(broken), `octet ${last} changed by ${difference}`).toEqual([]);
      expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'malformed' });
    }
  }
  expect(engine.summary().halfOpen).toBe(0);
  expect(client.send(message).length).toBe(1);
});

test('a public value outside the group, a short nonce and a missing payload stop main mode', () => {
  const ke = (octet: number): Payload => ({ payload: 'key-exchange', data: new Uint8Array(128).fill(octet) });
  const nonce = (length: number): Payload => ({ payload: 'nonce', data: new Uint8Array(length) });
  for (const [payloads, told] of [
    [[ke(0), nonce(16)], 'ike-failed'],
    [[ke(0xff), nonce(16)], 'ike-failed'],
    [[ke(4), nonce(7)], 'packet-dropped'],
    [[ke(4), nonce(257)], 'packet-dropped'],
    [[ke(4)], 'packet-dropped'],
    [[nonce(16)], 'packet-dropped'],
  ] as const) {
    const client = clientOf(responderWith());
    const [message2 = new Uint8Array()] = client.send(startMainMode(initiatorConfig, client).message);
    client.responderCookie = message2.slice(8, 16);
    expect(client.send(mainModeMessage(client, payloads))).toEqual([]);
    expect(client.facts.at(-1)?.fact).toBe(told);
  }
});

test('a message of phase 1 with a message id is dropped (RFC 2408 3.1)', () => {
  const client = clientOf(responderWith({ acceptsAggressive: true }));
  const { message } = startMainMode(initiatorConfig, client);
  for (const exchangeType of [ExchangeType.identityProtection, ExchangeType.aggressive]) {
    const numbered = message.slice();
    numbered[18] = exchangeType;
    numbered[23] = 1;
    expect(client.send(numbered)).toEqual([]);
    expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'malformed' });
  }
  expect(client.send(message).length).toBe(1);
});

test('what belongs to no exchange is dropped', () => {
  const client = clientOf(responderWith());
  const phase1 = client.establish();
  const flags = { encryption: false, commit: false, authenticationOnly: false };
  const { initiatorCookie, responderCookie } = client;
  const clear = (exchangeType: number, messageId: number) =>
    encodeMessage({ initiatorCookie, responderCookie, exchangeType, flags, messageId }, offer);
  const unknown = { ...client, responderCookie: new Uint8Array(8).fill(9) };
  for (const message of [
    clear(ExchangeType.quickMode, 1),
    clear(ExchangeType.aggressive, 0),
    clear(ExchangeType.identityProtection, 0),
    sealMessage(
      phase1.keys,
      firstIv(phase1, 1),
      { ...startOf(client), exchangeType: 32, ...unknown, messageId: 1 },
      [],
    ).octets,
    new Uint8Array(),
  ]) {
    expect(client.send(message)).toEqual([]);
    expect(client.facts.at(-1)?.fact).toBe('packet-dropped');
  }
});

test('a key of the right length and a wrong value opens nothing that looks like payloads with a hash', () => {
  const client = clientOf(responderWith());
  const phase1 = client.establish();
  const { octets } = quickMode1(client, phase1, 1, [...offer, ...selectors]);
  const wrong = { ...phase1.keys, encryptionKey: phase1.keys.encryptionKey.map((octet) => octet ^ 0x55) };
  const header = { ...startOf(client), nextPayload: 8, length: octets.length };
  const flags = { encryption: true, commit: false, authenticationOnly: false };
  expect(openMessage(wrong, firstIv(phase1, 1), { ...header, flags }, octets).ok).toBe(false);
  expect(openMessage(phase1.keys, firstIv(phase1, 1), { ...header, flags }, octets).ok).toBe(true);
});
