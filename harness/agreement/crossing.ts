import type { LadderEntry } from '../measure/ladder.ts';

/** What crossed one segment each way, as far as it depends on no timer and no load. */
export interface Crossing {
  readonly toResponder: readonly string[];
  readonly toClient: readonly string[];
}

/** Sent by the clock alone, or as often as there is traffic. */
const onceEach = ['ESP', 'ESP in UDP', 'clear L2TP'];

/**
 * A ladder without what a virtual clock and a machine under load cannot have in common. Told by their direction are
 * the kinds of messages in their order, but: what is sent again is left out, since timers of a container run by its
 * host's clock; keepalives are left out for the same reason; of ESP the first packet alone stands, since a proof of
 * traffic has as many as time allows; and how messages of both ends lie between each other is not told, since two that
 * are under way at once cross a segment in any order. Of a client that got nowhere (`connected` false) what it began
 * again and again stands once: how often depends on when it is told to stop.
 */
export function crossingOf(ladder: readonly LadderEntry[], connected: boolean): Crossing {
  const of = (direction: LadderEntry['direction']) => {
    const kinds = told(ladder, direction);
    return connected ? kinds : onceOfEachRepetition(kinds);
  };
  return { toResponder: of('to-responder'), toClient: of('to-client') };
}

function told(ladder: readonly LadderEntry[], wanted: LadderEntry['direction']): string[] {
  const kinds: string[] = [];
  for (const { direction, kind, retransmission } of ladder) {
    if (direction !== wanted || retransmission || kind === 'keepalive') continue;
    if (onceEach.includes(kind) && kinds.includes(kind)) continue;
    kinds.push(kind);
  }
  return kinds;
}

/** The longest that a client begins again: a whole main mode and quick mode, with what it says of their end. */
const longestRound = 8;

/** Rounds of kinds that follow each other at once and are alike, the shortest first, are told once. */
function onceOfEachRepetition(kinds: readonly string[]): string[] {
  let folded = [...kinds];
  for (let length = 1; length <= longestRound; length++) {
    const kept: string[] = [];
    for (const kind of folded) {
      kept.push(kind);
      const [before, last] = [kept.slice(-2 * length, -length), kept.slice(-length)];
      if (before.length === length && before.every((each, at) => each === last[at]))
        kept.splice(-length, length);
    }
    folded = kept;
  }
  return folded;
}
