import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { noFlags } from '../isakmp/header.ts';
import { encodeMessage } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { SecurityAssociation } from '../isakmp/security-association.ts';
import { uint32 } from '../octets.ts';
import { IkeEngine } from './engine.ts';
import { sealInformational } from './informational.ts';
import { openMessage, sealMessage, withHash } from './protection.ts';
import { firstIv } from './quick-mode.ts';
import { initiatorConfig } from './testing/configs.ts';
import { type Change, ScriptedResponder, unchanged } from './testing/scripted-responder.ts';

function clearNotify(
  initiatorCookie: Uint8Array,
  responderCookie: Uint8Array,
  notifyType: number,
): Uint8Array {
  const about = { doi: 1, protocolId: 1, spi: new Uint8Array(), data: new Uint8Array() };
  return encodeMessage({ initiatorCookie, responderCookie, exchangeType: 5, flags: noFlags, messageId: 1 }, [
    { payload: 'notification', notification: { ...about, notifyType } },
  ]);
}

const ofSa = (change: (sa: SecurityAssociation) => SecurityAssociation): Change => {
  return (payloads) =>
    payloads.map((payload) =>
      payload.payload === 'security-association' ? { ...payload, sa: change(payload.sa) } : payload,
    );
};

const failures = ({ host }: ScriptedResponder) => host.factsNamed('ike-failed').map(({ reason }) => reason);

test('a responder that orders attributes otherwise and adds unknown payloads is understood', () => {
  const responder = new ScriptedResponder();
  const reordered = ofSa((sa) => ({
    proposals: sa.proposals.map((proposal) => ({
      ...proposal,
      transforms: proposal.transforms.map((transform) => ({
        ...transform,
        // Life type and duration stay beside each other, the others turn round.
        attributes: [...transform.attributes.slice(-2), ...transform.attributes.slice(0, -2).reverse()],
      })),
    })),
  }));
  const message2: Change = (payloads) => [
    ...reordered(payloads),
    { payload: 'other', number: 200, data: new Uint8Array(3) },
  ];
  expect(responder.mainMode(message2)).toBeDefined();
  expect(responder.host.factsNamed('phase1-established').length).toBe(1);
});

test('an answer that nobody offered is not accepted', () => {
  const group14 = ofSa((sa) => ({
    proposals: sa.proposals.map((proposal) => ({
      ...proposal,
      transforms: proposal.transforms.map((transform) => ({
        ...transform,
        attributes: transform.attributes.map((each) =>
          each.type === 4 ? ({ form: 'TV', type: 4, value: 14 } as const) : each,
        ),
      })),
    })),
  }));
  const doubled = ofSa((sa) => ({
    proposals: sa.proposals.map((proposal) => ({
      ...proposal,
      transforms: [...proposal.transforms, ...proposal.transforms],
    })),
  }));
  for (const change of [group14, doubled]) {
    const responder = new ScriptedResponder();
    expect(responder.mainMode(change)).toBeUndefined();
    expect(failures(responder)).toEqual(['no-proposal-chosen']);
  }
});

test('more than two NAT-D payloads are accepted: any of the later ones may match (RFC 3947 3.2)', () => {
  const responder = new ScriptedResponder();
  const more: Change = (payloads) => {
    const at = payloads.findLastIndex(({ payload }) => payload === 'nat-d');
    return payloads.toSpliced(at, 0, { payload: 'nat-d', number: 20, data: new Uint8Array(20) });
  };
  responder.mainMode(unchanged, more);
  expect(responder.host.factsNamed('nat-detected')).toMatchObject([
    { localBehindNat: false, peerBehindNat: false },
  ]);
});

test('a random source NAT-D forces encapsulation and looks like a responder behind NAT (field facts A3)', () => {
  const natRule = { rule: 0, whenRefused: 'stop-after-nat-detection' } as const;
  const responder = new ScriptedResponder({ natRule });
  const forced: Change = (payloads) => {
    const at = payloads.findLastIndex(({ payload }) => payload === 'nat-d');
    return payloads.with(at, { payload: 'nat-d', number: 20, data: new Uint8Array(20) });
  };
  expect(responder.mainMode(unchanged, forced)).toBeUndefined();
  expect(responder.host.factsNamed('nat-detected')).toMatchObject([
    { localBehindNat: false, peerBehindNat: true },
  ]);
  expect(failures(responder)).toEqual(['nat-refused']);
});

test('a responder that sets the commit bit may say CONNECTED in a fourth message (RFC 2408 3.1)', () => {
  const responder = new ScriptedResponder();
  const phase1 = responder.establish();
  const { state, answer, messageId } = responder.quickMode2(phase1);
  answer[19] = (answer[19] ?? 0) | 2;
  responder.give(answer);
  expect(responder.host.installed.size).toBe(1);
  const { octets, header } = responder.last();
  const third = openMessage(phase1.keys, state.iv, header, octets);
  if (!third.ok) throw new Error(third.error.detail);
  const connected: Payload = {
    payload: 'notification',
    notification: { doi: 1, protocolId: 3, notifyType: 16_384, spi: uint32(0x4321), data: new Uint8Array() },
  };
  const { initiatorCookie, responderCookie } = responder;
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.quickMode, messageId };
  const payloads = withHash(phase1.keys, messageId, new Uint8Array(), [connected]);
  responder.give(sealMessage(phase1.keys, third.value.lastBlock, start, payloads).octets);
  expect(responder.host.factsNamed('notify')).toMatchObject([{ notify: 'CONNECTED', protected: true }]);
  expect(responder.host.factsNamed('ike-message').at(-1)).toMatchObject({
    exchange: 'quick-mode',
    message: 4,
  });
  expect(responder.host.installed.size).toBe(1);
});

test('quick mode message 2 that comes again gets the identical message 3 and installs nothing more', () => {
  const responder = new ScriptedResponder();
  const phase1 = responder.establish();
  const { answer } = responder.quickMode2(phase1);
  responder.give(answer);
  const { octets } = responder.last();
  const sent = responder.simulation.wire.length;
  responder.give(answer);
  expect(responder.simulation.wire.length).toBe(sent + 1);
  expect(responder.last().octets).toEqual(octets);
  expect(responder.host.factsNamed('phase2-established').length).toBe(1);
});

test.each([
  [14, 1, 'no-proposal-chosen'],
  [18, 1, 'id-mismatch'],
  [24, 1, 'auth-failed'],
] as const)(
  'notify %i in the clear ends main mode: it fails in phase %i with %s',
  (notifyType, phase, reason) => {
    const responder = new ScriptedResponder();
    const { initiatorCookie } = responder.last().header;
    const refuse = (cookie: Uint8Array) => clearNotify(cookie, new Uint8Array(8), notifyType);
    responder.give(refuse(new Uint8Array(8).fill(1)));
    expect(failures(responder)).toEqual([]);
    responder.give(refuse(initiatorCookie));
    expect(responder.host.factsNamed('ike-failed')).toMatchObject([{ phase, reason }]);
    expect(responder.host.engine.summary().halfOpen).toBe(0);
  },
);

test('once phase 1 is established, a notify in the clear is told and changes nothing', () => {
  const responder = new ScriptedResponder();
  const phase1 = responder.mainMode();
  responder.give(clearNotify(responder.initiatorCookie, responder.responderCookie, 14));
  expect(phase1).toBeDefined();
  expect(responder.host.factsNamed('notify')).toMatchObject([
    { notify: 'NO-PROPOSAL-CHOSEN', protected: false },
  ]);
  expect(failures(responder)).toEqual([]);
  expect(responder.host.engine.summary().phase1).toBe(1);
});

test('a responder that deletes phase 1 during quick mode ends it for that reason', () => {
  const responder = new ScriptedResponder();
  const phase1 = responder.establish();
  const { initiatorCookie, responderCookie } = responder;
  const spi = Uint8Array.from([...initiatorCookie, ...responderCookie]);
  responder.give(
    sealInformational(responder, phase1, 3, {
      payload: 'delete',
      delete: { doi: 1, protocolId: 1, spis: [spi] },
    }),
  );
  expect(failures(responder)).toEqual(['deleted-by-peer']);
  expect(responder.host.engine.deadline()).toBeUndefined();
});

test('an answer that names other ports than were offered installs nothing', () => {
  const responder = new ScriptedResponder();
  const phase1 = responder.establish();
  const { header } = responder.last();
  const { messageId } = header;
  const { state } = responder.quickMode2(phase1);
  const opened = openMessage(phase1.keys, firstIv(phase1, messageId), header, responder.last().octets);
  if (!opened.ok) throw new Error(opened.error.detail);
  const answer = opened.value.payloads
    .map(({ payload }) => payload)
    .filter(({ payload }) => payload !== 'hash')
    .map((payload) =>
      payload.payload === 'identification' ? { ...payload, id: { ...payload.id, port: 1702 } } : payload,
    );
  const { initiatorCookie, responderCookie } = responder;
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.quickMode, messageId };
  const hashed = withHash(phase1.keys, messageId, state.initiatorNonce, answer);
  // The IDs aside this mirrors the offer of one proposal, which is a valid answer.
  responder.give(sealMessage(phase1.keys, opened.value.lastBlock, start, hashed).octets);
  expect(failures(responder)).toEqual(['id-mismatch']);
  expect(responder.host.installed.size).toBe(0);
});

test('message 1 of Windows XP is 312 octets: five transforms and its four vendor ids (field facts B)', () => {
  const three = { encryption: '3des-cbc', lifetimeSeconds: 28_800 } as const;
  const one = { encryption: 'des-cbc', group: 1, lifetimeSeconds: 28_800 } as const;
  const engine = new IkeEngine(
    {
      ...initiatorConfig,
      phase1: [
        { ...three, hash: 'sha1', group: 14 },
        { ...three, hash: 'sha1', group: 2 },
        { ...three, hash: 'md5', group: 2 },
        { ...one, hash: 'sha1' },
        { ...one, hash: 'md5' },
      ],
      natTraversal: ['draft-02n'],
      vendorIds: [
        '1e2b516905991c7d7c96fcbfb587e46100000004',
        '4048b7d56ebce88525e7de7f00d6c2d3',
        '90cb80913ebb696e086381b5ec427b1f',
        '26244d38eddb61b3172a36e3d0cfb819',
      ],
    },
    seededRandom('xp'),
  );
  const effects = engine.connect({ ip: '198.18.0.1', port: 500 }, { ip: '198.18.0.2', port: 500 }, 0);
  const [sent] = effects.flatMap((effect) => (effect.effect === 'send-ike' ? [effect.message] : []));
  expect(sent?.length).toBe(312);
});
