import type { UdpAddress } from '../../address.ts';
import type { RandomSource } from '../../engine.ts';
import type { Fact } from '../../fact.ts';
import { seededRandom } from '../../host/random.ts';
import { ExchangeType } from '../../isakmp/exchange-type.ts';
import { decodeHeader } from '../../isakmp/header.ts';
import { EncapsulationMode } from '../../isakmp/ipsec-doi.ts';
import { decodeMessage, type ReceivedPayload } from '../../isakmp/message.ts';
import type { Payload } from '../../isakmp/payload.ts';
import type { IkeInitiatorConfig, IkeResponderConfig } from '../config.ts';
import type { IkeEffect } from '../effect.ts';
import { IkeEngine } from '../engine.ts';
import { addressIdentification } from '../identity.ts';
import type { StateAt } from '../main-mode.ts';
import { receiveMessage2, receiveMessage4, receiveMessage6, startMainMode } from '../main-mode-initiator.ts';
import type { Established } from '../phase1.ts';
import { phase2Offer } from '../phase2-proposal.ts';
import { hashedPayloads, openMessage, quickModeHash3, sealMessage, withHash } from '../protection.ts';
import { firstIv } from '../quick-mode.ts';
import { noCookie } from '../sa-table.ts';
import { advanced } from './advanced.ts';
import { initiatorConfig, phase2Proposal, responderConfig } from './configs.ts';

/**
 * For tests: an initiator that is led by hand, one message at a time, and knows its keys, so that a
 * test can send a responder what no correct engine would.
 */
export class ScriptedInitiator {
  readonly #engine: IkeEngine;
  readonly #config: IkeInitiatorConfig;
  readonly #random: RandomSource;
  readonly initiatorCookie: Uint8Array;
  responderCookie: Uint8Array = noCookie;
  readonly local: UdpAddress = { ip: '198.18.0.1', port: 500 };
  readonly peer: UdpAddress = { ip: '198.18.0.2', port: 500 };
  readonly facts: Fact[] = [];
  readonly installed: number[] = [];

  constructor(engine: IkeEngine, config: IkeInitiatorConfig, random: RandomSource) {
    this.#engine = engine;
    this.#config = config;
    this.#random = random;
    this.initiatorCookie = random(8);
  }

  /** Gives the responder a message at instant `now`; what it sends back, and what it does, is kept. */
  send(message: Uint8Array, now = 0): Uint8Array[] {
    const effects = this.#engine.receive({ local: this.peer, peer: this.local, message }, now);
    return this.note(effects);
  }

  note(effects: readonly IkeEffect[]): Uint8Array[] {
    return effects.flatMap((effect) => {
      if (effect.effect === 'fact') this.facts.push(effect.fact);
      if (effect.effect === 'install-sa') this.installed.push(effect.sa.inbound.spi);
      return effect.effect === 'send-ike' ? [effect.message] : [];
    });
  }

  /** Main mode up to the responder's message 4; gives the state and message 5, not yet sent. */
  upToMessage5(): { readonly state: StateAt<'id-sent'>; readonly message5: Uint8Array } {
    const first = startMainMode(this.#config, this);
    const message2 = this.#read(this.send(first.message));
    this.responderCookie = message2.responderCookie;
    const third = advanced(receiveMessage2(this.#context(), first.state, message2.payloads));
    const message4 = this.#read(this.send(third.answer));
    const fifth = advanced(receiveMessage4(this.#context(), third.state, message4.payloads));
    return { state: fifth.state, message5: fifth.answer };
  }

  /** The whole of main mode. */
  establish(): Established {
    const { state, message5 } = this.upToMessage5();
    const [message6] = this.send(message5);
    const header = message6 && decodeHeader(message6);
    if (message6 === undefined || !header?.ok) throw new Error('no message 6');
    const step = receiveMessage6(state, header.value, message6);
    if (step.step !== 'advance') throw new Error(step.detail);
    return step.state;
  }

  #context() {
    const { initiatorCookie, responderCookie, local, peer } = this;
    return {
      initiatorCookie,
      responderCookie,
      config: this.#config,
      random: this.#random,
      ends: { local, peer },
    };
  }

  #read([octets]: readonly Uint8Array[]): {
    responderCookie: Uint8Array;
    payloads: readonly ReceivedPayload[];
  } {
    const message = octets && decodeMessage(octets);
    if (!message?.ok) throw new Error('no answer in the clear');
    const { responderCookie } = message.value.header;
    return { responderCookie: responderCookie.slice(), payloads: message.value.payloads };
  }
}

export function responderWith(change: Partial<IkeResponderConfig> = {}): IkeEngine {
  return new IkeEngine({ ...responderConfig, ...change }, seededRandom('responder'));
}

export function clientOf(engine: IkeEngine, seed = 'client'): ScriptedInitiator {
  return new ScriptedInitiator(engine, initiatorConfig, seededRandom(seed));
}

/** SPI and nonce of the initiator in every quick mode that is led by hand. */
export const inboundSpi = 0x1234;
const nonce = new Uint8Array(16).fill(7);
/** IDci and IDcr: both ends with UDP 1701. */
export const selectors: Payload[] = [
  { payload: 'identification', id: addressIdentification({ ip: '198.18.0.1', protocol: 17, port: 1701 }) },
  { payload: 'identification', id: addressIdentification({ ip: '198.18.0.2', protocol: 17, port: 1701 }) },
];
/** The SA and the nonce of quick mode message 1. */
export const offer: Payload[] = [
  { payload: 'security-association', sa: phase2Offer([phase2Proposal], inboundSpi, EncapsulationMode) },
  { payload: 'nonce', data: nonce },
];

/** Message 1 with its hash before `payloads`. */
export function quickMode1(
  client: ScriptedInitiator,
  phase1: Established,
  messageId: number,
  payloads: readonly Payload[],
) {
  const hashed = withHash(phase1.keys, messageId, new Uint8Array(), payloads);
  return sealMessage(phase1.keys, firstIv(phase1, messageId), quickModeStart(client, messageId), hashed);
}

function quickModeStart({ initiatorCookie, responderCookie }: ScriptedInitiator, messageId: number) {
  return { initiatorCookie, responderCookie, exchangeType: ExchangeType.quickMode, messageId };
}

/** Reads message 2 and gives message 3. */
export function quickMode3(
  client: ScriptedInitiator,
  phase1: Established,
  messageId: number,
  iv: Uint8Array,
  message2: Uint8Array,
) {
  const header = decodeHeader(message2);
  if (!header.ok) throw new Error('message 2 is malformed');
  const opened = openMessage(phase1.keys, iv, header.value, message2);
  if (!opened.ok) throw new Error(opened.error.detail);
  const payloads = hashedPayloads(phase1.keys, messageId, nonce, opened.value) ?? [];
  const responderNonce =
    payloads.find(({ payload }) => payload.payload === 'nonce')?.body ?? new Uint8Array();
  const data = quickModeHash3(phase1.keys, messageId, nonce, responderNonce);
  return sealMessage(phase1.keys, opened.value.lastBlock, quickModeStart(client, messageId), [
    { payload: 'hash', data },
  ]);
}

/** A quick mode from beginning to end; gives the SPI under which the responder receives. */
export function completeQuickMode(client: ScriptedInitiator, phase1: Established, messageId: number): number {
  const first = quickMode1(client, phase1, messageId, [...offer, ...selectors]);
  const [message2 = new Uint8Array()] = client.send(first.octets);
  client.send(quickMode3(client, phase1, messageId, first.lastBlock, message2).octets);
  return client.installed.at(-1) ?? 0;
}

/** Phase and reason of every failure the responder told. */
export const reasons = (client: ScriptedInitiator) =>
  client.facts.flatMap((fact) => (fact.fact === 'ike-failed' ? [`${fact.phase} ${fact.reason}`] : []));
