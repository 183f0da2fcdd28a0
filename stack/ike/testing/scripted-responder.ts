import { seededRandom } from '../../host/random.ts';
import { decodeHeader, type IsakmpHeader } from '../../isakmp/header.ts';
import { decodeMessage, encodeMessage, type ReceivedPayload } from '../../isakmp/message.ts';
import type { Payload } from '../../isakmp/payload.ts';
import { Internet } from '../../testing/internet.ts';
import { perfect } from '../../testing/simulation.ts';
import type { IkeInitiatorConfig, IkeResponderConfig } from '../config.ts';
import { receiveMessage1, receiveMessage3, receiveMessage5 } from '../main-mode-responder.ts';
import type { Established } from '../phase1.ts';
import type { QuickStateAt } from '../quick-mode.ts';
import { receiveQuickMode1 } from '../quick-mode-responder.ts';
import { advanced } from './advanced.ts';
import { initiatorConfig, responderConfig } from './configs.ts';
import { Host } from './host.ts';

/** What a test changes in a message. */
export type Change = (payloads: Payload[]) => Payload[];
export const unchanged: Change = (payloads) => payloads;

/** For tests: a responder led by hand: it answers correctly, but for what a test changes in one of its clear messages. */
export class ScriptedResponder {
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

  /** The same without a change, to its end. */
  establish(): Established {
    const established = this.mainMode();
    if (established === undefined) throw new Error('main mode did not complete');
    return established;
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

function changed(octets: Uint8Array, change: Change): Uint8Array {
  const message = decodeMessage(octets);
  if (!message.ok) throw new Error(message.error.detail);
  return encodeMessage(message.value.header, change(message.value.payloads.map(({ payload }) => payload)));
}
