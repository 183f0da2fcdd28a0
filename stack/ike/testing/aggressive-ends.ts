import type { UdpAddress } from '../../address.ts';
import { seededRandom } from '../../host/random.ts';
import { decodeHeader } from '../../isakmp/header.ts';
import { decodeMessage, type ReceivedPayload } from '../../isakmp/message.ts';
import type { AggressiveStateAt } from '../aggressive-mode.ts';
import { receiveAggressive2, startAggressiveMode } from '../aggressive-mode-initiator.ts';
import { receiveAggressive1, receiveAggressive3 } from '../aggressive-mode-responder.ts';
import type { IkeInitiatorConfig, IkeResponderConfig } from '../config.ts';
import type { Established } from '../phase1.ts';
import type { Step } from '../step.ts';
import { initiatorConfig, responderConfig } from './configs.ts';

export const client = { ip: '10.0.0.2', port: 500 };
export const server = { ip: '198.18.0.1', port: 500 };
/** Where a NAT makes the client's packets come from. */
export const outside = { ip: '198.18.0.9', port: 61_000 };

export interface Way {
  readonly initiator?: Partial<IkeInitiatorConfig>;
  readonly responder?: Partial<IkeResponderConfig>;
  /** Where the responder sees the initiator's messages come from. */
  readonly from?: UdpAddress;
}

/** For tests: both ends of aggressive mode, led message by message. */
export class AggressiveEnds {
  readonly initiator: IkeInitiatorConfig;
  readonly responder: IkeResponderConfig;
  readonly from: UdpAddress;
  readonly #initiatorCookie = new Uint8Array(8).fill(1);
  readonly #responderCookie = new Uint8Array(8).fill(2);

  constructor({ initiator, responder, from = client }: Way, accepted?: 'main mode alone') {
    this.initiator = { ...initiatorConfig, phase1Mode: 'aggressive', ...initiator };
    const accepting = accepted === undefined ? { acceptsAggressive: true as const } : {};
    this.responder = { ...responderConfig, ...accepting, ...responder };
    this.from = from;
  }

  start() {
    return startAggressiveMode({ ...this.#initiatorContext(), responderCookie: new Uint8Array(8) });
  }

  answer(message1: Uint8Array): Step<AggressiveStateAt<'all-answered'>> {
    return this.answerTo(payloadsIn(message1));
  }

  answerTo(payloads: readonly ReceivedPayload[], local = server): Step<AggressiveStateAt<'all-answered'>> {
    return receiveAggressive1(this.#responderContext(this.from, local), payloads);
  }

  finish(state: AggressiveStateAt<'all-sent'>, message2: Uint8Array): Step<Established> {
    return this.finishWith(state, payloadsIn(message2));
  }

  finishWith(state: AggressiveStateAt<'all-sent'>, payloads: readonly ReceivedPayload[]): Step<Established> {
    return receiveAggressive2(this.#initiatorContext(), state, payloads);
  }

  accept(
    state: AggressiveStateAt<'all-answered'>,
    message3: Uint8Array,
    peer = this.from,
    local = server,
  ): Step<Established> {
    const header = decodeHeader(message3);
    if (!header.ok) throw new Error(header.error.detail);
    return receiveAggressive3(this.#responderContext(peer, local), state, header.value, message3);
  }

  #initiatorContext() {
    return {
      ...this.#cookies(),
      config: this.initiator,
      random: seededRandom('initiator'),
      ends: { local: client, peer: server },
    };
  }

  #responderContext(peer: UdpAddress, local: UdpAddress) {
    return {
      ...this.#cookies(),
      config: this.responder,
      random: seededRandom('responder'),
      ends: { local, peer },
    };
  }

  #cookies() {
    return { initiatorCookie: this.#initiatorCookie, responderCookie: this.#responderCookie };
  }
}

export function payloadsIn(octets: Uint8Array): readonly ReceivedPayload[] {
  const message = decodeMessage(octets);
  if (!message.ok) throw new Error(message.error.detail);
  return message.value.payloads;
}

/** What comes of a step that must advance. */
export function advanced<State>(step: Step<State>) {
  if (step.step !== 'advance') throw new Error(step.detail);
  return { state: step.state, answer: step.answer ?? new Uint8Array(), ends: step.ends, facts: step.facts };
}
