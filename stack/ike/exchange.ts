import type { UdpAddress } from '../address.ts';
import type { Instant } from '../engine.ts';
import { dropped, type Fact } from '../fact.ts';
import { equalOctets } from '../octets.ts';
import { gapAfter, type RetransmissionTiming } from '../retransmission.ts';
import type { IkeEffect } from './effect.ts';

export interface Ends {
  readonly local: UdpAddress;
  readonly peer: UdpAddress;
}

type ExchangeKind = Extract<Fact, { fact: 'ike-message' }>['exchange'];

/** What an `ike-message` fact says of a message, whichever way it went. */
interface MessageLabel {
  readonly exchange: ExchangeKind;
  readonly message: number;
  readonly messageId: number;
}

interface SentMessage extends MessageLabel {
  readonly octets: Uint8Array;
  transmission: number;
}

interface ReceivedMessage extends MessageLabel {
  readonly octets: Uint8Array;
  count: number;
  /** What was sent in answer: a repetition gets the same octets and changes nothing (RFC 2408 5.1). */
  answer: SentMessage | undefined;
}

/** The `ike-message` fact for one message. */
export function messageFact(
  direction: 'sent' | 'received',
  { exchange, message, messageId }: MessageLabel,
  transmission: number,
  { local, peer }: Ends,
): IkeEffect {
  return {
    effect: 'fact',
    fact: { fact: 'ike-message', direction, exchange, message, transmission, messageId, local, peer },
  };
}

/**
 * The messages of one main or quick mode, both ways: tells repetitions from news, answers them with
 * identical octets, and repeats the last message sent until something new arrives or hope is lost.
 */
export class Exchange {
  readonly kind: ExchangeKind;
  readonly messageId: number;
  readonly #timing: RetransmissionTiming;
  readonly #repetitions: number;
  readonly #received: ReceivedMessage[] = [];
  #repeating: { readonly sent: SentMessage; transmissions: number; due: Instant } | undefined;

  /** `repetitions` is how often one message that comes again is answered again. */
  constructor(kind: ExchangeKind, messageId: number, timing: RetransmissionTiming, repetitions: number) {
    this.kind = kind;
    this.messageId = messageId;
    this.#timing = timing;
    this.#repetitions = repetitions;
  }

  /** When `tick` has something to do. */
  get deadline(): Instant | undefined {
    return this.#repeating?.due;
  }

  hasReceived(octets: Uint8Array): boolean {
    return this.#received.some((known) => equalOctets(known.octets, octets));
  }

  /** A message that `hasReceived` knows: tells of it and answers as before, to where it came from or to `to`. */
  repeated(octets: Uint8Array, ends: Ends, to: Ends = ends): IkeEffect[] {
    const known = this.#received.find((each) => equalOctets(each.octets, octets));
    if (known === undefined) return [];
    if (known.count > this.#repetitions) return dropped('replayed', `message ${known.message} once more`);
    known.count++;
    const effects = [messageFact('received', known, known.count, ends)];
    if (known.answer !== undefined) effects.push(...transmit(known.answer, to));
    return effects;
  }

  /** The answer to the message accepted last has not done its work: it is sent as if that message had come again. */
  answerAgain(ends: Ends): IkeEffect[] {
    const known = this.#received.at(-1);
    if (known?.answer === undefined || known.count > this.#repetitions) return [];
    known.count++;
    return transmit(known.answer, ends);
  }

  /** A new message of this exchange: the last one sent has arrived and is not repeated any more. */
  accept(octets: Uint8Array, message: number, ends: Ends): IkeEffect[] {
    this.#repeating = undefined;
    const received = { ...this.#label(message), octets: octets.slice(), count: 1, answer: undefined };
    this.#received.push(received);
    return [messageFact('received', received, 1, ends)];
  }

  /** Sends the next message in answer to the one accepted last; it is sent again only when asked again. */
  answer(octets: Uint8Array, message: number, ends: Ends): IkeEffect[] {
    return this.#answerWith({ ...this.#label(message), octets, transmission: 0 }, ends);
  }

  /** Answers the message accepted last with an informational message that refuses it. */
  refuse(octets: Uint8Array, messageId: number, ends: Ends): IkeEffect[] {
    const label = { exchange: 'informational', message: 1, messageId } as const;
    return this.#answerWith({ ...label, octets, transmission: 0 }, ends);
  }

  /** Sends the next message and repeats it unasked until something new arrives, and only then. */
  request(octets: Uint8Array, message: number, ends: Ends, now: Instant): IkeEffect[] {
    const sent = { ...this.#label(message), octets, transmission: 0 };
    this.#repeating = { sent, transmissions: 1, due: now + gapAfter(this.#timing, 1) };
    return transmit(sent, ends);
  }

  /** As `answer`, and repeats it unasked as well. */
  answerAndRepeat(octets: Uint8Array, message: number, ends: Ends, now: Instant): IkeEffect[] {
    const sent = { ...this.#label(message), octets, transmission: 0 };
    const effects = this.#answerWith(sent, ends);
    this.#repeating = { sent, transmissions: 1, due: now + gapAfter(this.#timing, 1) };
    return effects;
  }

  /** Ends the repetition: an answer came outside of this exchange. */
  stop(): void {
    this.#repeating = undefined;
  }

  /** The exchange is over long since: what it received and sent is not kept any longer. */
  forget(): void {
    this.stop();
    this.#received.length = 0;
  }

  /** Repeats what is due; `gave-up` once the last repetition stayed without answer. */
  tick(now: Instant, ends: Ends): IkeEffect[] | 'gave-up' {
    const repeating = this.#repeating;
    if (repeating === undefined || repeating.due > now) return [];
    if (repeating.transmissions >= this.#timing.transmissions) {
      this.#repeating = undefined;
      return 'gave-up';
    }
    repeating.transmissions++;
    repeating.due = now + gapAfter(this.#timing, repeating.transmissions);
    return transmit(repeating.sent, ends);
  }

  #answerWith(sent: SentMessage, ends: Ends): IkeEffect[] {
    const answered = this.#received.at(-1);
    if (answered !== undefined) answered.answer = sent;
    return transmit(sent, ends);
  }

  #label(message: number): MessageLabel {
    return { exchange: this.kind, message, messageId: this.messageId };
  }
}

function transmit(sent: SentMessage, ends: Ends): IkeEffect[] {
  sent.transmission++;
  return [
    messageFact('sent', sent, sent.transmission, ends),
    { effect: 'send-ike', local: ends.local, peer: ends.peer, message: sent.octets },
  ];
}
