import type { WireObservation } from '../observation.ts';
import { exchangeKey, type MessageName, messageNames } from './message-names.ts';
import { hex, type IsakmpOutline } from './outer.ts';
import { isWholePublicValue, publicValueLength } from './public-value.ts';
import type { Direction } from './sides.ts';

type IkeCounts = Pick<
  WireObservation,
  | 'mainModeMessages'
  | 'aggressiveModeMessages'
  | 'quickModeMessages'
  | 'informationalMessages'
  | 'retransmissions'
  | 'portFloat'
  | 'ike500AfterFloat'
  | 'shortPublicValues'
  | 'unanswered'
  | 'isakmpSas'
>;

/** One different message and how often each segment saw it. */
interface Seen {
  readonly name: MessageName;
  readonly initiatorCookie: string;
  readonly exchange: string;
  readonly direction: Direction;
  /** Octets of the Diffie-Hellman public value in it, where one can be read. */
  readonly publicValue: number | undefined;
  /** Segment -> places of its transmissions in that segment's order of IKE messages. */
  readonly places: Map<string, number[]>;
}

/**
 * Counts the IKE messages of all segments of the path together. NAT leaves the ISAKMP octets alone, so
 * equal octets on two segments are one message, and equal octets twice on one segment a retransmission.
 */
export function ikeTally(path: readonly string[]) {
  const names = new Map(path.map((segment) => [segment, messageNames()]));
  const order = new Map<string, number>();
  const messages = new Map<string, Seen>();
  const portsOfCookie = new Map<string, Set<number>>();
  /** Segment and initiator cookie of what was seen on 4500, and the messages that were new on 500 after that. */
  const floated = new Set<string>();
  const backOn500 = new Set<string>();

  /** The segment on which a sender's messages all show. */
  function homeOf(direction: Direction): string | undefined {
    return direction === 'to-responder' ? path[0] : path.at(-1);
  }

  function add(segment: string, direction: Direction, port: 500 | 4500, isakmp: IsakmpOutline): void {
    const content = hex(isakmp.message);
    const name = names.get(segment)?.({ ...isakmp, direction, content });
    if (!name) return;
    const place = (order.get(segment) ?? 0) + 1;
    order.set(segment, place);
    const { initiatorCookie } = isakmp;
    const key = `${direction} ${content}`;
    const known = messages.get(key);
    const places = known?.places ?? new Map<string, number[]>();
    const ofSegment = `${segment} ${initiatorCookie}`;
    if (port === 4500) floated.add(ofSegment);
    else if (floated.has(ofSegment) && !places.has(segment)) backOn500.add(key);
    places.set(segment, [...(places.get(segment) ?? []), place]);
    // Numbered where it was sent: only there no earlier message of its sender can be missing.
    const bestName = known === undefined || segment === homeOf(direction) ? name : known.name;
    const exchange = exchangeKey(isakmp);
    const publicValue = known ? known.publicValue : publicValueLength(isakmp.message);
    messages.set(key, { name: bestName, initiatorCookie, exchange, direction, publicValue, places });
    portsOfCookie.set(initiatorCookie, (portsOfCookie.get(initiatorCookie) ?? new Set()).add(port));
  }

  function different(exchange: MessageName['exchange']): number {
    return [...messages.values()].filter(({ name }) => name.exchange === exchange).length;
  }

  function shortPublicValues(): NonNullable<IkeCounts['shortPublicValues']> {
    return [...messages.values()].flatMap(({ direction, publicValue: octets }) => {
      if (octets === undefined || isWholePublicValue(octets) || direction === 'elsewhere') return [];
      return [{ from: direction === 'to-responder' ? 'client' : 'responder', octets } as const];
    });
  }

  /** A second message says that somebody answered the first (RFC 2409 5.4). */
  function isakmpSas(): number {
    const answered = [...messages.values()].filter(
      ({ name: { exchange, number } }) =>
        (exchange === 'main mode' || exchange === 'aggressive mode') && number >= 2,
    );
    return new Set(answered.map(({ initiatorCookie }) => initiatorCookie)).size;
  }

  function unanswered(): IkeCounts['unanswered'] {
    const found: IkeCounts['unanswered'] = [];
    for (const message of messages.values()) {
      if (message.direction === 'elsewhere' || !wantsAnswer(message.name)) continue;
      const from = message.direction === 'to-responder' ? 'client' : 'responder';
      const home = homeOf(message.direction);
      const transmissions = home === undefined ? [] : (message.places.get(home) ?? []);
      const [first] = transmissions;
      if (home === undefined || first === undefined) continue;
      const answered = [...messages.values()].some(
        (other) =>
          other.direction !== message.direction &&
          isAnswerTo(message, other) &&
          (other.places.get(home)?.[0] ?? 0) > first,
      );
      if (answered) continue;
      const seenOn = path.filter((segment) => message.places.has(segment));
      found.push({ what: message.name.kind, from, transmissions: transmissions.length, seenOn });
    }
    return found;
  }

  return {
    add,
    result(): IkeCounts {
      const transmissions = [...messages.values()].map(({ places }) =>
        Math.max(...[...places.values()].map((list) => list.length)),
      );
      const short = shortPublicValues();
      const phases1 = isakmpSas();
      const aggressive = different('aggressive mode');
      return {
        ...(short.length > 0 && { shortPublicValues: short }),
        mainModeMessages: different('main mode'),
        ...(aggressive > 0 && { aggressiveModeMessages: aggressive }),
        quickModeMessages: different('quick mode'),
        informationalMessages: different('informational'),
        retransmissions: transmissions.reduce((sum, times) => sum + times - 1, 0),
        portFloat: [...portsOfCookie.values()].some((ports) => ports.has(500) && ports.has(4500)),
        ike500AfterFloat: backOn500.size,
        unanswered: unanswered(),
        ...(phases1 > 1 && { isakmpSas: phases1 }),
      };
    },
  };
}

/** The last message of each exchange (RFC 2409 5.4, 5.5); all before it wait for the next. */
const lastMessage: Partial<Record<MessageName['exchange'], number>> = {
  'main mode': 6,
  'aggressive mode': 3,
  'quick mode': 3,
};

function wantsAnswer({ exchange, number }: MessageName): boolean {
  return number < (lastMessage[exchange] ?? 0);
}

/** The next message of the exchange, or a notify or delete of the same phase 1: a refusal is an answer too. */
function isAnswerTo(message: Seen, other: Seen): boolean {
  return (
    other.exchange === message.exchange ||
    (other.name.exchange === 'informational' && other.initiatorCookie === message.initiatorCookie)
  );
}
