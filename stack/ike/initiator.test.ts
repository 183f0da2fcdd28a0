import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader, type IsakmpHeader, noFlags } from '../isakmp/header.ts';
import { decodeMessage, encodeMessage, type ReceivedPayload } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { SecurityAssociation } from '../isakmp/security-association.ts';
import { uint32 } from '../octets.ts';
import { Internet } from '../testing/internet.ts';
import { perfect } from '../testing/simulation.ts';
import type { IkeInitiatorConfig, IkeResponderConfig } from './config.ts';
import { IkeEngine } from './engine.ts';
import { sealInformational } from './informational.ts';
import type { Established } from './main-mode.ts';
import { receiveMessage1, receiveMessage3, receiveMessage5 } from './main-mode-responder.ts';
import { openMessage, sealMessage, withHash } from './protection.ts';
import { firstIv, type QuickStateAt } from './quick-mode.ts';
import { receiveQuickMode1 } from './quick-mode-responder.ts';
import type { Step } from './step.ts';
import { initiatorConfig, responderConfig } from './testing/configs.ts';
import { Host } from './testing/host.ts';

type Change = (payloads: Payload[]) => Payload[];
const unchanged: Change = (payloads) => payloads;

/** A responder led by hand: it answers correctly, but for what a test changes in one of its clear messages. */
class ScriptedResponder {
  readonly simulation = new Internet(1, perfect);
  readonly host: Host;
  readonly #config: IkeResponderConfig;
  readonly #random = seededRandom('responder');
  readonly responderCookie = new Uint8Array(8).fill(0xbb);
  readonly ends = { local: { ip: '198.18.0.2', port: 500 }, peer: { ip: '198.18.0.1', port: 500 } };
  initiatorCookie = new Uint8Array(8);

  constructor(config: Partial<IkeInitiatorConfig> = {}, own: Partial<IkeResponderConfig> = {}) {
    this.host = new Host(this.simulation, '198.18.0.1', { ...initiatorConfig, ...config });
    this.#config = { ...responderConfig, ...own };
    this.host.dial('198.18.0.2');
  }

  get context() {
    const { initiatorCookie, responderCookie, ends } = this;
    return { initiatorCookie, responderCookie, ends, config: this.#config, random: this.#random };
  }

  /** The initiator's newest message. */
  last(): { octets: Uint8Array; header: IsakmpHeader } {
    const octets = this.simulation.wire.at(-1)?.payload ?? new Uint8Array();
    const header = decodeHeader(octets);
    if (!header.ok) throw new Error('no message from the initiator');
    return { octets, header: header.value };
  }

  give(message: Uint8Array): void {
    const { local: peer, peer: local } = this.ends;
    this.host.perform(this.host.engine.receive({ local, peer, message }, 0));
  }

  /** Main mode, with messages 2 and 4 changed. */
  mainMode(message2 = unchanged, message4 = unchanged): Established | undefined {
    this.initiatorCookie = this.last().header.initiatorCookie.slice();
    const second = advanced(receiveMessage1(this.context, this.#read()));
    this.give(changed(second.answer, message2));
    const third = this.last();
    if (third.header.nextPayload !== 4) return undefined;
    const fourth = advanced(receiveMessage3(this.context, second.state, this.#read()));
    this.give(changed(fourth.answer, message4));
    const fifth = this.last();
    if (!fifth.header.flags.encryption) return undefined;
    const sixth = advanced(receiveMessage5(this.context, fourth.state, fifth.header, fifth.octets));
    this.give(sixth.answer);
    return sixth.state;
  }

  /** The answer to the initiator's quick mode message 1. */
  quickMode2(phase1: Established): {
    state: QuickStateAt<'sa-answered'>;
    answer: Uint8Array;
    messageId: number;
  } {
    const { octets, header } = this.last();
    const { messageId } = header;
    return {
      ...advanced(receiveQuickMode1({ ...this.context, messageId, phase1 }, header, octets, 0x4321)),
      messageId,
    };
  }

  #read(): readonly ReceivedPayload[] {
    const message = decodeMessage(this.last().octets);
    if (!message.ok) throw new Error(message.error.detail);
    return message.value.payloads;
  }
}

function advanced<State>(step: Step<State>): { readonly state: State; readonly answer: Uint8Array } {
  if (step.step !== 'advance' || step.answer === undefined) throw new Error('the step does not advance');
  return { state: step.state, answer: step.answer };
}

function changed(octets: Uint8Array, change: Change): Uint8Array {
  const message = decodeMessage(octets);
  if (!message.ok) throw new Error(message.error.detail);
  return encodeMessage(message.value.header, change(message.value.payloads.map(({ payload }) => payload)));
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
  const phase1 = responder.mainMode();
  if (phase1 === undefined) throw new Error('main mode did not complete');
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
  const phase1 = responder.mainMode();
  if (phase1 === undefined) throw new Error('main mode did not complete');
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
    const refuse = (cookie: Uint8Array) =>
      encodeMessage(
        {
          initiatorCookie: cookie,
          responderCookie: new Uint8Array(8),
          exchangeType: 5,
          flags: noFlags,
          messageId: 1,
        },
        [
          {
            payload: 'notification',
            notification: {
              doi: 1,
              protocolId: 1,
              notifyType,
              spi: new Uint8Array(),
              data: new Uint8Array(),
            },
          },
        ],
      );
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
  const { initiatorCookie, responderCookie } = responder;
  responder.give(
    encodeMessage({ initiatorCookie, responderCookie, exchangeType: 5, flags: noFlags, messageId: 1 }, [
      {
        payload: 'notification',
        notification: {
          doi: 1,
          protocolId: 1,
          notifyType: 14,
          spi: new Uint8Array(),
          data: new Uint8Array(),
        },
      },
    ]),
  );
  expect(phase1).toBeDefined();
  expect(responder.host.factsNamed('notify')).toMatchObject([
    { notify: 'NO-PROPOSAL-CHOSEN', protected: false },
  ]);
  expect(failures(responder)).toEqual([]);
  expect(responder.host.engine.summary().phase1).toBe(1);
});

test('a responder that deletes phase 1 during quick mode ends it for that reason', () => {
  const responder = new ScriptedResponder();
  const phase1 = responder.mainMode();
  if (phase1 === undefined) throw new Error('main mode did not complete');
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
  const phase1 = responder.mainMode();
  if (phase1 === undefined) throw new Error('main mode did not complete');
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
