import type { Instant } from '../engine.ts';
import { gapAfter, type RetransmissionTiming } from '../retransmission.ts';
import type { PppLimits } from './config.ts';
import { defaultLimits, type Judgement, type NegotiatedOptions, Negotiation } from './negotiation.ts';
import { encodeOptions } from './option.ts';
import { encodePacket, type Packet, PacketCode } from './packet.ts';
import { type AutomatonEvent, type AutomatonState, transition } from './transition.ts';

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
  /** Octets that the peer takes in one packet. */
  readonly peerMru: number;
}

/** The counters of RFC 1661 4.6; Max-Configure is the timing's number of transmissions. */
export interface AutomatonLimits {
  readonly retransmission: RetransmissionTiming;
  readonly limits?: PppLimits;
}

/** The option negotiation automaton of RFC 1661 section 4, for LCP and the NCPs. */
export class Automaton {
  readonly #protocol: number;
  readonly #negotiation: Negotiation;
  readonly #layer: LayerEvents;
  readonly #timing: RetransmissionTiming;
  readonly #maximumTerminate: number;
  readonly #sink: PacketSink;
  #state: AutomatonState = 'Initial';
  #restartCounter = 0;
  #sentSinceReset = 0;
  #restartAt: Instant | undefined;
  #terminateIdentifier: number | undefined;
  #terminateData = new Uint8Array();

  constructor(
    protocol: number,
    options: NegotiatedOptions,
    layer: LayerEvents,
    { retransmission, limits = defaultLimits }: AutomatonLimits,
    sink: PacketSink,
  ) {
    this.#protocol = protocol;
    this.#negotiation = new Negotiation(options, limits.maximumFailure);
    this.#layer = layer;
    this.#timing = retransmission;
    this.#maximumTerminate = limits.maximumTerminate;
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

  /** `data` travels in the Terminate-Request. */
  close(data: Uint8Array, now: Instant): void {
    this.#terminateData = data.slice();
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
      case PacketCode.configureRequest:
        return this.#requested(packet, now);
      case PacketCode.configureAck:
        if (this.#negotiation.isAcknowledgement(packet)) this.#dispatch('RCA', now, packet);
        return;
      case PacketCode.configureNak:
      case PacketCode.configureReject:
        return this.#refusedBy(packet, now);
      case PacketCode.terminateRequest:
        return this.#dispatch('RTR', now, packet);
      case PacketCode.terminateAck:
        return this.#dispatch('RTA', now, packet);
      case PacketCode.codeReject: {
        const rejected = packet.data[0];
        if (rejected === undefined) return;
        const fundamental = rejected >= PacketCode.configureRequest && rejected <= PacketCode.codeReject;
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
    if (this.#state === 'Ack-Sent' || this.#state === 'Opened') {
      const before = this.#negotiation.recall(packet);
      if (before === 'acknowledged') this.#send(PacketCode.configureAck, packet.identifier, packet.data);
      if (before !== undefined) return;
    }
    const judgement = this.#negotiation.judge(packet);
    if (judgement === undefined) return;
    this.#dispatch(judgement.answer === 'ack' ? 'RCR+' : 'RCR-', now, packet, judgement);
    if (this.#negotiation.hopeless) this.#layer.disagreed(now);
  }

  #refusedBy(packet: Packet, now: Instant): void {
    const mayGoOn = this.#negotiation.mayGoOnAfter(packet);
    if (mayGoOn === true) this.#dispatch('RCN', now, packet);
    if (mayGoOn === false) this.#layer.disagreed(now);
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
        this.#restartCounter = terminating ? this.#maximumTerminate : this.#timing.transmissions;
        this.#sentSinceReset = 0;
        this.#terminateIdentifier = undefined;
        return;
      case 'zrc':
        this.#restartCounter = 0;
        this.#restartAt = now + this.#timing.firstGapMs;
        return;
      case 'scr': {
        const request = this.#negotiation.request(event === 'TO+', () => this.#sink.nextIdentifier());
        this.#send(request.code, request.identifier, request.data);
        return this.#started(now);
      }
      case 'str':
        this.#terminateIdentifier ??= this.#sink.nextIdentifier();
        this.#send(PacketCode.terminateRequest, this.#terminateIdentifier, this.#terminateData);
        return this.#started(now);
      case 'sca':
        if (packet) this.#send(PacketCode.configureAck, packet.identifier, packet.data);
        return;
      case 'scn':
        if (packet === undefined || judgement === undefined || judgement.answer === 'ack') return;
        this.#send(
          judgement.answer === 'nak' ? PacketCode.configureNak : PacketCode.configureReject,
          packet.identifier,
          encodeOptions(judgement.options),
        );
        return;
      case 'sta':
        if (packet) this.#send(PacketCode.terminateAck, packet.identifier, new Uint8Array());
        return;
      case 'scj':
        if (packet) this.#rejectCode(packet);
        return;
      default:
    }
  }

  /** RFC 1661 5.6: cut to what the peer's MRU leaves. */
  #rejectCode(packet: Packet): void {
    const rejected = encodePacket(packet).subarray(0, Math.max(0, this.#sink.peerMru - 4));
    this.#send(PacketCode.codeReject, this.#sink.nextIdentifier(), rejected);
  }

  #started(now: Instant): void {
    this.#restartCounter--;
    this.#sentSinceReset++;
    this.#restartAt = now + gapAfter(this.#timing, this.#sentSinceReset);
  }

  #send(code: number, identifier: number, data: Uint8Array): void {
    this.#sink.send(this.#protocol, encodePacket({ code, identifier, data }));
  }
}
