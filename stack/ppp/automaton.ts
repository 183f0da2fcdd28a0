import type { Instant } from '../engine.ts';
import { equalOctets, utf8 } from '../octets.ts';
import { gapAfter, type RetransmissionTiming } from '../retransmission.ts';
import { decodeOptions, encodeOptions, type Option, sameOption } from './option.ts';
import { code, encodePacket, type Packet } from './packet.ts';
import { type AutomatonEvent, type AutomatonState, transition } from './transition.ts';

/** RFC 1661 4.6 defaults; Max-Configure is the timing's number of transmissions. */
const MAX_TERMINATE = 2;
const MAX_FAILURE = 5;
/** Refusals, given or taken without an agreement between, after which the negotiation is given up (4.5). */
const MAX_REFUSALS = 2 * MAX_FAILURE;
/** Refused requests remembered, to know a late copy of one. */
const REMEMBERED = 8;

/** The answer to a Configure-Request. */
export type Judgement =
  | { readonly answer: 'ack' }
  | { readonly answer: 'nak' | 'reject'; readonly options: readonly Option[] };

/** The options that a protocol negotiates. */
export interface NegotiatedOptions {
  /** Options of the next Configure-Request. */
  request(): readonly Option[];
  judge(options: readonly Option[]): Judgement;
  /** The peer's request, which is being acknowledged. */
  accepted(options: readonly Option[]): void;
  /** The peer's objections to our request; `false` when no other request can be made. */
  nakked(options: readonly Option[]): boolean;
  rejected(options: readonly Option[]): boolean;
}

/** What the automaton tells the protocol. */
export interface LayerEvents {
  /** This-Layer-Up, -Down and -Finished of RFC 1661 4.4. */
  up(now: Instant): void;
  down(): void;
  finished(now: Instant): void;
  /** The two ends do not agree: `nakked` or `rejected` said so, or it went on for too long. */
  disagreed(now: Instant): void;
}

export interface PacketSink {
  send(protocol: number, packet: Uint8Array): void;
  /** Changes with every packet; one counter over all protocols, as Windows has it (the field facts). */
  nextIdentifier(): number;
}

/** The option negotiation automaton of RFC 1661 section 4, for LCP and the NCPs. */
export class Automaton {
  #protocol: number;
  #options: NegotiatedOptions;
  #layer: LayerEvents;
  #timing: RetransmissionTiming;
  #sink: PacketSink;
  #state: AutomatonState = 'Initial';
  #restartCounter = 0;
  #sentSinceReset = 0;
  #restartAt: Instant | undefined;
  #request: { identifier: number; options: readonly Option[]; answered: boolean } | undefined;
  #terminateIdentifier: number | undefined;
  #terminateText = '';
  #naksSent = 0;
  #refusalsGiven = 0;
  #refusalsTaken = 0;
  #acknowledged: Packet | undefined;
  #refused: Packet[] = [];

  constructor(
    protocol: number,
    options: NegotiatedOptions,
    layer: LayerEvents,
    timing: RetransmissionTiming,
    sink: PacketSink,
  ) {
    this.#protocol = protocol;
    this.#options = options;
    this.#layer = layer;
    this.#timing = timing;
    this.#sink = sink;
  }

  get state(): AutomatonState {
    return this.#state;
  }

  get opened(): boolean {
    return this.#state === 'Opened';
  }

  get deadline(): Instant | undefined {
    return this.#restartAt;
  }

  lowerUp(now: Instant): void {
    this.#dispatch('Up', now);
  }

  lowerDown(now: Instant): void {
    this.#dispatch('Down', now);
  }

  open(now: Instant): void {
    this.#dispatch('Open', now);
  }

  /** `text` travels in the Terminate-Request. */
  close(text: string, now: Instant): void {
    this.#terminateText = text;
    this.#dispatch('Close', now);
  }

  /** A Protocol-Reject of this protocol: it cannot go on. */
  protocolRejected(now: Instant): void {
    this.#dispatch('RXJ-', now);
  }

  tick(now: Instant): void {
    if (this.#restartAt === undefined || now < this.#restartAt) return;
    this.#restartAt = undefined;
    this.#dispatch(this.#restartCounter > 0 ? 'TO+' : 'TO-', now);
  }

  /** Takes a packet of codes 1 to 7; any other is answered by Code-Reject. Invalid ones are discarded. */
  receive(packet: Packet, now: Instant): void {
    switch (packet.code) {
      case code.configureRequest:
        return this.#requested(packet, now);
      case code.configureAck:
        return this.#acked(packet, now);
      case code.configureNak:
      case code.configureReject:
        return this.#refusedBy(packet, now);
      case code.terminateRequest:
        return this.#dispatch('RTR', now, packet);
      case code.terminateAck:
        return this.#dispatch('RTA', now, packet);
      case code.codeReject: {
        const rejected = packet.data[0];
        if (rejected === undefined) return;
        const fundamental = rejected >= code.configureRequest && rejected <= code.codeReject;
        return this.#dispatch(fundamental ? 'RXJ-' : 'RXJ+', now, packet);
      }
      default:
        return this.#dispatch('RUC', now, packet);
    }
  }

  #requested(packet: Packet, now: Instant): void {
    if (!['Stopped', 'Req-Sent', 'Ack-Rcvd', 'Ack-Sent', 'Opened'].includes(this.#state)) {
      this.#dispatch('RCR+', now, packet);
      return;
    }
    const agreed = this.#state === 'Ack-Sent' || this.#state === 'Opened';
    // A new request has a new identifier or content (RFC 1661 5.1). So this is a copy of the one
    // acknowledged: the acknowledgement was lost, or the network doubled it. Renegotiating would only do harm.
    if (agreed && this.#acknowledged && samePacket(this.#acknowledged, packet)) {
      this.#send(code.configureAck, packet.identifier, packet.data);
      return;
    }
    // A late copy of a request that was refused before a better one was acknowledged.
    if (agreed && this.#refused.some((refused) => samePacket(refused, packet))) return;
    const options = decodeOptions(packet.data);
    if (!options.ok) return;
    const judgement = this.#limited(this.#options.judge(options.value), options.value);
    if (judgement.answer === 'ack') {
      this.#options.accepted(options.value);
      this.#acknowledged = copyOf(packet);
      this.#naksSent = 0;
      this.#refusalsGiven = 0;
    } else {
      this.#acknowledged = undefined;
      this.#refused = [copyOf(packet), ...this.#refused].slice(0, REMEMBERED);
      if (judgement.answer === 'nak') this.#naksSent++;
      this.#refusalsGiven++;
    }
    this.#dispatch(judgement.answer === 'ack' ? 'RCR+' : 'RCR-', now, packet, judgement);
    if (this.#refusalsGiven > MAX_REFUSALS) this.#layer.disagreed(now);
  }

  /** RFC 1661 4.6, Max-Failure: after that many Naks the same objections become a Reject, and own wishes are dropped. */
  #limited(judgement: Judgement, requested: readonly Option[]): Judgement {
    if (judgement.answer !== 'nak' || this.#naksSent < MAX_FAILURE) return judgement;
    const types = judgement.options.map((option) => option.type);
    const options = requested.filter((option) => types.includes(option.type));
    return options.length > 0 ? { answer: 'reject', options } : { answer: 'ack' };
  }

  #acked(packet: Packet, now: Instant): void {
    const request = this.#request;
    if (request === undefined || request.answered || request.identifier !== packet.identifier) return;
    if (!equalOctets(encodeOptions(request.options), packet.data)) return;
    request.answered = true;
    this.#refusalsTaken = 0;
    this.#dispatch('RCA', now, packet);
  }

  #refusedBy(packet: Packet, now: Instant): void {
    const request = this.#request;
    if (request === undefined || request.answered || request.identifier !== packet.identifier) return;
    const options = decodeOptions(packet.data);
    if (!options.ok) return;
    const rejects = packet.code === code.configureReject;
    const subset = options.value.every((option) => request.options.some((own) => sameOption(own, option)));
    if (rejects && (!subset || options.value.length === 0)) return;
    request.answered = true;
    this.#refusalsTaken++;
    const mayGoOn = rejects ? this.#options.rejected(options.value) : this.#options.nakked(options.value);
    if (mayGoOn && this.#refusalsTaken <= MAX_REFUSALS) this.#dispatch('RCN', now, packet);
    else this.#layer.disagreed(now);
  }

  #dispatch(event: AutomatonEvent, now: Instant, packet?: Packet, judgement?: Judgement): void {
    const cell = transition(event, this.#state);
    if (cell === undefined) return;
    const { actions, next } = cell;
    const timed = ['Closing', 'Stopping', 'Req-Sent', 'Ack-Rcvd', 'Ack-Sent'].includes(next);
    if (!timed) this.#restartAt = undefined;
    for (const action of actions) this.#act(action, next, event, now, packet, judgement);
    this.#state = next;
    // The protocol hears of it when the new state holds: it may call back.
    if (actions.includes('tld')) this.#layer.down();
    if (actions.includes('tlu')) this.#layer.up(now);
    if (actions.includes('tlf')) this.#layer.finished(now);
  }

  #act(
    action: string,
    next: AutomatonState,
    event: AutomatonEvent,
    now: Instant,
    packet: Packet | undefined,
    judgement: Judgement | undefined,
  ): void {
    const terminating = next === 'Closing' || next === 'Stopping';
    switch (action) {
      case 'irc':
        this.#restartCounter = terminating ? MAX_TERMINATE : this.#timing.transmissions;
        this.#sentSinceReset = 0;
        this.#terminateIdentifier = undefined;
        return;
      case 'zrc':
        this.#restartCounter = 0;
        this.#restartAt = now + this.#timing.firstGapMs;
        return;
      case 'scr':
        this.#sendRequest(event === 'TO+');
        return this.#started(now);
      case 'str':
        this.#terminateIdentifier ??= this.#sink.nextIdentifier();
        this.#send(code.terminateRequest, this.#terminateIdentifier, utf8(this.#terminateText));
        return this.#started(now);
      case 'sca':
        if (packet) this.#send(code.configureAck, packet.identifier, packet.data);
        return;
      case 'scn':
        if (packet === undefined || judgement === undefined || judgement.answer === 'ack') return;
        this.#send(
          judgement.answer === 'nak' ? code.configureNak : code.configureReject,
          packet.identifier,
          encodeOptions(judgement.options),
        );
        return;
      case 'sta':
        if (packet) this.#send(code.terminateAck, packet.identifier, new Uint8Array());
        return;
      case 'scj':
        if (packet) this.#send(code.codeReject, this.#sink.nextIdentifier(), encodePacket(packet));
        return;
      default:
    }
  }

  /** An unanswered request is repeated with its identifier; otherwise it is a new one (RFC 1661 5.1). */
  #sendRequest(repeat: boolean): void {
    if (!(repeat && this.#request && !this.#request.answered)) {
      const options = this.#options.request();
      this.#request = { identifier: this.#sink.nextIdentifier(), options, answered: false };
    }
    this.#send(code.configureRequest, this.#request.identifier, encodeOptions(this.#request.options));
  }

  #started(now: Instant): void {
    this.#restartCounter--;
    this.#sentSinceReset++;
    this.#restartAt = now + gapAfter(this.#timing, this.#sentSinceReset);
  }

  #send(packetCode: number, identifier: number, data: Uint8Array): void {
    this.#sink.send(this.#protocol, encodePacket({ code: packetCode, identifier, data }));
  }
}

function samePacket(a: Packet, b: Packet): boolean {
  return a.identifier === b.identifier && equalOctets(a.data, b.data);
}

/** Packets are views into a datagram that is not ours to keep. */
function copyOf(packet: Packet): Packet {
  return { ...packet, data: packet.data.slice() };
}
