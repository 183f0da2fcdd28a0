import type { Direction } from './sides.ts';

/** What is needed of an ISAKMP message to name it; from our decoder or from tshark's. */
export interface NamedBy {
  readonly exchangeType: number;
  readonly initiatorCookie: string;
  readonly messageId: number;
  readonly direction: Direction;
  /** Equal for octet-for-octet equal messages only. */
  readonly content: string;
}

export interface MessageName {
  /** `main mode 1` ... `quick mode 3`, `informational`. */
  readonly kind: string;
  readonly exchange: ExchangeName;
  /** Place in its exchange, from 1; odd ones are the exchange's initiator's. */
  readonly number: number;
  /** The same octets went the same way in this exchange before. */
  readonly retransmission: boolean;
}

export type ExchangeName =
  | 'main mode'
  | 'aggressive mode'
  | 'quick mode'
  | 'informational'
  | 'other exchange';

/** RFC 2408 3.1 and RFC 2409 appendix A. */
const exchangeNames: Readonly<Record<number, ExchangeName>> = {
  2: 'main mode',
  4: 'aggressive mode',
  5: 'informational',
  32: 'quick mode',
};

/** Tells exchanges apart: initiator cookie, exchange type and message id (RFC 2408 3.1: 0 in phase 1). */
export function exchangeKey(
  message: Pick<NamedBy, 'exchangeType' | 'initiatorCookie' | 'messageId'>,
): string {
  return `${message.initiatorCookie}/${message.exchangeType}/${message.messageId}`;
}

/**
 * Names the messages of one segment in the order they are given. The peers take turns in an exchange, so
 * the n-th different message of the one who began is number 2n - 1 and the n-th of the other one 2n.
 */
export function messageNames(): (message: NamedBy) => MessageName {
  const exchanges = new Map<string, { readonly begunBy: Direction; readonly numbers: Map<string, number> }>();
  return (message) => {
    const key = exchangeKey(message);
    const known = exchanges.get(key) ?? { begunBy: message.direction, numbers: new Map<string, number>() };
    exchanges.set(key, known);
    const parity = message.direction === known.begunBy ? 1 : 0;
    const seenBefore = known.numbers.get(message.content);
    const sameSide = [...known.numbers.values()].filter((number) => number % 2 === parity).length;
    const number = seenBefore ?? 2 * sameSide + 2 - parity;
    known.numbers.set(message.content, number);
    const exchange = exchangeNames[message.exchangeType] ?? 'other exchange';
    const kind = exchange === 'informational' ? exchange : `${exchange} ${number}`;
    return { kind, exchange, number, retransmission: seenBefore !== undefined };
  };
}
