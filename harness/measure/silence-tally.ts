import type { WireObservation } from '../observation.ts';
import type { IsakmpOutline, OuterPacket } from './outer.ts';
import type { Direction } from './sides.ts';

type Silence = NonNullable<WireObservation['silenceBefore']>;

const informational = 5;
/** Main and aggressive mode (RFC 2408 3.1). */
const phase1Types = [2, 4];
const nothingFrom = /^0+$/;

/**
 * What a client met that began another phase 1: its ESP to which the responder had not answered with ESP, and what came
 * from the responder in its place. Given the packets of the responder's segment in their order.
 */
export function silenceTally() {
  let spoke = false;
  let now: Silence = { esp: 0, invalidSpi: 0, otherAnswers: 0 };
  let before: Silence | undefined;
  const begun = new Set<string>();

  return {
    add(content: OuterPacket['content'], direction: Direction): void {
      const isEsp = content.kind === 'esp-in-udp' || content.kind === 'esp-native';
      if (direction === 'to-client') {
        if (isEsp) {
          spoke = true;
          now = { esp: 0, invalidSpi: 0, otherAnswers: 0 };
        } else if (now.esp > 0) now = withAnswer(now, content);
      } else if (direction === 'to-responder') {
        if (isEsp && spoke) now = { ...now, esp: now.esp + 1 };
        if (content.kind !== 'ike' || !content.isakmp || !begins(content.isakmp)) return;
        const { initiatorCookie } = content.isakmp;
        if (begun.has(initiatorCookie)) return;
        begun.add(initiatorCookie);
        if (now.esp > 0) before = now;
      }
    },
    result(): { silenceBefore?: Silence } {
      return before ? { silenceBefore: before } : {};
    },
  };
}

function begins({ exchangeType, responderCookie }: IsakmpOutline): boolean {
  return phase1Types.includes(exchangeType) && nothingFrom.test(responderCookie);
}

function withAnswer(seen: Silence, content: OuterPacket['content']): Silence {
  if (content.kind === 'keepalive') return seen;
  const notify = content.kind === 'ike' && content.isakmp ? notifyIn(content.isakmp) : undefined;
  if (notify === invalidSpi) return { ...seen, invalidSpi: seen.invalidSpi + 1 };
  // The answer to IKE under an SA that is gone, as dead peer detection sends (RFC 2408 5.2).
  if (notify === invalidCookie) return seen;
  return { ...seen, otherAnswers: seen.otherAnswers + 1 };
}

/** RFC 2408 3.14.1. */
const invalidCookie = 4;
const invalidSpi = 11;

/** The type of the notify that an informational message begins with, where it is not encrypted (RFC 2408 3.1, 3.14). */
function notifyIn({ exchangeType, message }: IsakmpOutline): number | undefined {
  const notification = 11;
  const encrypted = 1;
  const isReadable = message[16] === notification && ((message[19] ?? 0) & encrypted) === 0;
  if (exchangeType !== informational || !isReadable || message.length < 40) return undefined;
  return (message[38] ?? 0) * 256 + (message[39] ?? 0);
}
