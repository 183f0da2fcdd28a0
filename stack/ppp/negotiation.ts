import { equalOctets } from '../octets.ts';
import type { PppLimits } from './config.ts';
import { decodeOptions, encodeOptions, type Option, sameOption } from './option.ts';
import { type Packet, PacketCode } from './packet.ts';

/** RFC 1661 4.6. */
export const defaultLimits: PppLimits = { maximumTerminate: 2, maximumFailure: 5 };

/** Max-Failure (RFC 1661 4.6). */
export function maximumFailureOf({ limits = defaultLimits }: { readonly limits?: PppLimits }): number {
  return limits.maximumFailure;
}

/** Refused requests remembered, to know a late copy of one. */
const remembered = 8;

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
  /** Whether the peer's last request showed that there will be no agreement. */
  readonly hopeless?: boolean;
}

/**
 * Each option for itself: it is taken, rejected, or Nak'd with another one; `missing` are asked for as well. None
 * may come twice (RFC 1661 6).
 */
export function judgeEach(
  options: readonly Option[],
  verdictOn: (option: Option) => 'ack' | 'reject' | Option,
  missing: readonly Option[] = [],
): Judgement {
  const seen = new Set<number>();
  const verdicts = options.map((option) => {
    const verdict = seen.has(option.type) ? 'reject' : verdictOn(option);
    seen.add(option.type);
    return { option, verdict };
  });
  const rejected = verdicts.filter(({ verdict }) => verdict === 'reject').map(({ option }) => option);
  if (rejected.length > 0) return { answer: 'reject', options: rejected };
  const wanted = verdicts.flatMap(({ verdict }) => (typeof verdict === 'string' ? [] : [verdict]));
  const nakked = [...wanted, ...missing];
  return nakked.length > 0 ? { answer: 'nak', options: nakked } : { answer: 'ack' };
}

/** The requests of both ends and what came of them (RFC 1661 5.1 to 5.4), for one automaton. */
export class Negotiation {
  readonly #options: NegotiatedOptions;
  readonly #maximumFailure: number;
  #request:
    | { readonly identifier: number; readonly options: readonly Option[]; answered: boolean }
    | undefined;
  #naksSent = 0;
  #refusalsGiven = 0;
  #refusalsTaken = 0;
  #acknowledged: Packet | undefined;
  #refused: Packet[] = [];

  constructor(options: NegotiatedOptions, maximumFailure: number) {
    this.#options = options;
    this.#maximumFailure = maximumFailure;
  }

  /** Our Configure-Request: an unanswered one is repeated with its identifier, otherwise it is new (5.1). */
  request(repeat: boolean, nextIdentifier: () => number): Packet {
    if (!(repeat && this.#request && !this.#request.answered)) {
      const options = this.#options.request();
      this.#request = { identifier: nextIdentifier(), options, answered: false };
    }
    const { identifier, options } = this.#request;
    return { code: PacketCode.configureRequest, identifier, data: encodeOptions(options) };
  }

  /**
   * What became of the peer's request when it came before. A new request has a new identifier or
   * content (5.1), so this is a copy: the acknowledgement was lost, or the network doubled or delayed
   * it, and renegotiating would only do harm.
   */
  recall(packet: Packet): 'acknowledged' | 'refused' | undefined {
    if (this.#acknowledged && samePacket(this.#acknowledged, packet)) return 'acknowledged';
    return this.#refused.some((refused) => samePacket(refused, packet)) ? 'refused' : undefined;
  }

  /** The answer to the peer's request; `undefined` where its options are malformed. */
  judge(packet: Packet): Judgement | undefined {
    const options = decodeOptions(packet.data);
    if (!options.ok) return undefined;
    const judgement = this.#limited(this.#options.judge(options.value), options.value);
    if (judgement.answer === 'ack') {
      this.#options.accepted(options.value);
      this.#acknowledged = copyOf(packet);
      this.#naksSent = 0;
      this.#refusalsGiven = 0;
    } else {
      this.#acknowledged = undefined;
      this.#refused = [copyOf(packet), ...this.#refused].slice(0, remembered);
      if (judgement.answer === 'nak') this.#naksSent++;
      this.#refusalsGiven++;
    }
    return judgement;
  }

  /** Whether no request of the peer will be acknowledged: so many were refused already, or the options say so. */
  get hopeless(): boolean {
    return this.#refusalsGiven > this.#maximumRefusals || this.#options.hopeless === true;
  }

  /** Refusals, given or taken without an agreement between, after which the negotiation is given up (4.5). */
  get #maximumRefusals(): number {
    return 2 * this.#maximumFailure;
  }

  /** Whether this is the acknowledgement of our request. */
  isAcknowledgement(packet: Packet): boolean {
    const request = this.#awaiting(packet);
    if (request === undefined || !equalOctets(encodeOptions(request.options), packet.data)) return false;
    request.answered = true;
    this.#refusalsTaken = 0;
    return true;
  }

  /** Whether another request may be made after this Nak or Reject; `undefined` where it is no answer to ours. */
  mayGoOnAfter(packet: Packet): boolean | undefined {
    const request = this.#awaiting(packet);
    const options = decodeOptions(packet.data);
    if (request === undefined || !options.ok) return undefined;
    const rejects = packet.code === PacketCode.configureReject;
    // A Reject names options of our request, octet for octet, and at least one (5.4).
    const subset = options.value.every((option) => request.options.some((own) => sameOption(own, option)));
    if (rejects && (!subset || options.value.length === 0)) return undefined;
    request.answered = true;
    this.#refusalsTaken++;
    const mayGoOn = rejects ? this.#options.rejected(options.value) : this.#options.nakked(options.value);
    return mayGoOn && this.#refusalsTaken <= this.#maximumRefusals;
  }

  #awaiting({ identifier }: Packet) {
    const request = this.#request;
    return request?.identifier === identifier && !request.answered ? request : undefined;
  }

  /** 4.6, Max-Failure: after that many Naks the same objections become a Reject, and own wishes are dropped. */
  #limited(judgement: Judgement, requested: readonly Option[]): Judgement {
    if (judgement.answer !== 'nak' || this.#naksSent < this.#maximumFailure) return judgement;
    const types = judgement.options.map((option) => option.type);
    const options = requested.filter((option) => types.includes(option.type));
    return options.length > 0 ? { answer: 'reject', options } : { answer: 'ack' };
  }
}

function samePacket(a: Packet, b: Packet): boolean {
  return a.identifier === b.identifier && equalOctets(a.data, b.data);
}

/** Packets are views into a datagram that is not ours to keep. */
function copyOf(packet: Packet): Packet {
  return { ...packet, data: packet.data.slice() };
}
