import { earliest } from '../deadline.ts';
import type { Instant, RandomSource } from '../engine.ts';
import { hex, readUint } from '../octets.ts';
import { Automaton, type PacketSink } from './automaton.ts';
import type { PppConfig } from './config.ts';
import { EchoMonitor } from './echo.ts';
import { PppProtocol } from './frame.ts';
import { LcpOptions } from './lcp.ts';
import { echo, identification, isLooped, protocolReject } from './maintenance.ts';
import { encodePacket, type Packet, PacketCode } from './packet.ts';
import { printable } from './printable.ts';

/** What LCP tells the link. */
export interface LinkControlEvents {
  opened(now: Instant): void;
  lowered(): void;
  /** The automaton came to its end: terminated, or nobody answered. */
  finished(): void;
  disagreed(now: Instant): void;
  terminatedByPeer(packet: Packet): void;
  protocolRejected(protocol: number, now: Instant): void;
  /** What the peer says that it is (RFC 1570 2.1). */
  identified(text: string): void;
  /** The peer does not know a fundamental code, or LCP itself (RXJ- of RFC 1661 4.3). */
  rejectedForGood(detail: string): void;
  /** So many echo requests stayed unanswered. */
  dead(now: Instant): void;
}

/** LCP (RFC 1661 5): the automaton with its options, and the packets that maintain an open link. */
export class LinkControl {
  readonly options: LcpOptions;
  readonly #config: PppConfig;
  readonly #automaton: Automaton;
  readonly #echo: EchoMonitor;
  readonly #events: LinkControlEvents;
  readonly #sink: PacketSink;

  constructor(config: PppConfig, random: RandomSource, events: LinkControlEvents, sink: PacketSink) {
    this.#config = config;
    this.options = new LcpOptions(config, random);
    this.#events = events;
    this.#sink = sink;
    this.#echo = new EchoMonitor(config.echoSeconds, config.echoFailures);
    const layer = {
      up: (now: Instant) => this.#opened(now),
      down: () => this.#lowered(),
      finished: () => events.finished(),
      disagreed: (now: Instant) => events.disagreed(now),
    };
    this.#automaton = new Automaton(PppProtocol.lcp, this.options, layer, config, sink);
  }

  get isOpen(): boolean {
    return this.#automaton.opened;
  }

  get deadline(): Instant | undefined {
    return earliest([this.#automaton.deadline, this.#echo.deadline]);
  }

  start(now: Instant): void {
    this.#automaton.open(now);
    this.#automaton.lowerUp(now);
  }

  /** Whether it had anything to close: `finished` follows then. */
  close(data: Uint8Array, now: Instant): boolean {
    const idle = ['Initial', 'Starting', 'Closed', 'Stopped'].includes(this.#automaton.state);
    this.#automaton.close(data, now);
    return !idle;
  }

  tick(now: Instant): void {
    this.#automaton.tick(now);
    const due = this.#echo.tick(now);
    if (due === 'send') this.#sendEcho(PacketCode.echoRequest, this.#sink.nextIdentifier(), new Uint8Array());
    if (due === 'dead') this.#events.dead(now);
  }

  /** RFC 1661 5.7: only with LCP open. */
  rejectProtocol(protocol: number, information: Uint8Array): void {
    if (!this.isOpen) return;
    this.#send(protocolReject(this.#sink.nextIdentifier(), protocol, information, this.options.mru));
  }

  /** After the end: the Terminate-Ack may have been lost, and the request comes again. */
  acknowledgeTermination(packet: Packet): void {
    if (packet.code !== PacketCode.terminateRequest) return;
    const { identifier } = packet;
    this.#send(encodePacket({ code: PacketCode.terminateAck, identifier, data: new Uint8Array() }));
  }

  receive(packet: Packet, now: Instant): void {
    switch (packet.code) {
      case PacketCode.protocolReject:
        if (this.isOpen) this.#protocolRejected(packet, now);
        return;
      case PacketCode.echoRequest:
        this.#answerEcho(packet);
        return;
      case PacketCode.echoReply:
        if (this.isOpen && !isLooped(packet.data, this.options.magicNumber)) this.#echo.answered();
        return;
      case PacketCode.identification:
        if (packet.data.length > 4) this.#events.identified(identificationText(packet.data.subarray(4)));
        return;
      case PacketCode.discardRequest:
      case PacketCode.timeRemaining:
        return;
      case PacketCode.codeReject:
        this.#codeRejected(packet.data[0]);
        break;
      case PacketCode.terminateRequest:
        this.#events.terminatedByPeer(packet);
        break;
      default:
    }
    this.#automaton.receive(packet, now);
  }

  #opened(now: Instant): void {
    this.#identify();
    this.#echo.start(now);
    this.#events.opened(now);
  }

  #lowered(): void {
    this.#echo.stop();
    this.#events.lowered();
  }

  #identify(): void {
    if (this.#config.role !== 'client') return;
    for (const text of this.#config.identification ?? []) {
      this.#send(identification(this.#sink.nextIdentifier(), this.options.magicNumber, text));
    }
  }

  #codeRejected(rejected: number | undefined): void {
    // A peer without Echo cannot be watched.
    if (rejected === PacketCode.echoRequest) this.#echo.stop();
    if (rejected !== undefined && rejected <= PacketCode.codeReject) {
      this.#events.rejectedForGood(`the peer rejects LCP code ${rejected}`);
    }
  }

  #protocolRejected(packet: Packet, now: Instant): void {
    const protocol = readUint(packet.data, 0, 2);
    if (protocol !== PppProtocol.lcp) {
      this.#events.protocolRejected(protocol, now);
      return;
    }
    this.#events.rejectedForGood('the peer rejects LCP');
    this.#automaton.protocolRejected(now);
  }

  /** RFC 1661 5.8: only with LCP open; what bears our own magic number is no request of the peer's (6.4). */
  #answerEcho({ identifier, data }: Packet): void {
    if (!this.isOpen || isLooped(data, this.options.magicNumber)) return;
    this.#sendEcho(PacketCode.echoReply, identifier, data.subarray(4));
  }

  #sendEcho(code: number, identifier: number, data: Uint8Array): void {
    this.#send(echo(code, identifier, this.options.magicNumber, data));
  }

  #send(packet: Uint8Array): void {
    this.#sink.send(PppProtocol.lcp, packet);
  }
}

/** Later Windows sends 16 octets that are no text. */
function identificationText(octets: Uint8Array): string {
  const text = printable(octets);
  return /^[\x20-\x7e]*$/.test(Buffer.from(octets).toString('latin1')) ? text : hex(octets.subarray(0, 32));
}
