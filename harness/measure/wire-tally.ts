import type { WireObservation } from '../observation.ts';
import { ikeTally } from './ike-tally.ts';
import type { OuterPacket } from './outer.ts';
import type { Direction } from './sides.ts';
import { silenceTally } from './silence-tally.ts';

type SegmentCounts = WireObservation['segments'][string];
type Both = SegmentCounts['ike500'];

/** What is counted of one client on one segment. */
export type OwnCounts = Pick<
  SegmentCounts,
  'ike500' | 'ike4500' | 'espInUdp' | 'espNative' | 'keepalives' | 'keepalivesToClient'
>;

/** ESP on a segment of the path: in UDP, or as protocol 50. */
export function isEsp({ content }: OuterPacket): boolean {
  return content.kind === 'esp-in-udp' || content.kind === 'esp-native';
}

/**
 * Counts the packets of one client by segment and direction, and its IKE messages over all segments of the path.
 */
export function wireTally(path: readonly string[]) {
  const ike = ikeTally(path);
  const segments = new Map<string, OwnCounts>();
  let afterOthers: Both | undefined;
  /** ESP to the responder since its last; it has sent none as long as this is undefined. */
  let unanswered: number | undefined;
  const spis = {
    'to-responder': new Set<number>(),
    'to-client': new Set<number>(),
    elsewhere: new Set<number>(),
  };
  const silence = silenceTally();
  /** Later clients that the responder serves now. */
  const served = new Set<number>();

  return {
    add(segment: string, packet: OuterPacket, direction: Direction): void {
      const { content } = packet;
      const counts = segments.get(segment) ?? noCounts();
      segments.set(segment, counts);
      if (content.kind === 'keepalive') {
        counts.keepalives++;
        if (direction === 'to-client') counts.keepalivesToClient = (counts.keepalivesToClient ?? 0) + 1;
      }
      step(bothOf(counts, content), direction);
      if (afterOthers && served.size > 0 && segment === path.at(-1) && isEsp(packet))
        step(afterOthers, direction);
      if (segment === path.at(-1)) silence.add(content, direction);
      if (segment === path.at(-1) && (content.kind === 'esp-in-udp' || content.kind === 'esp-native')) {
        spis[direction].add(content.spi);
        if (direction === 'to-client') unanswered = 0;
        else if (unanswered !== undefined) unanswered++;
      }
      if (path.includes(segment) && content.kind === 'ike' && content.isakmp) {
        ike.add(segment, direction, content.port, content.isakmp);
      }
    },
    /** The responder has sent ESP to a client that dialled later: what follows on its segment is counted once more. */
    anotherIsServed(client: number): void {
      afterOthers ??= none();
      served.add(client);
    },
    /** That client deletes its SAs: what they had taken the place of may come back. */
    anotherEnds(client: number): void {
      served.delete(client);
    },
    countsOn(segment: string): OwnCounts {
      return segments.get(segment) ?? noCounts();
    },
    result() {
      const [toResponder, toClient] = [spis['to-responder'].size, spis['to-client'].size];
      return {
        ...ike.result(),
        ...(afterOthers && { espAfterOthers: afterOthers }),
        ...(unanswered !== undefined && { espUnanswered: unanswered }),
        ...(Math.max(toResponder, toClient) > 1 && { espSpis: { toResponder, toClient } }),
        ...silence.result(),
      };
    },
  };
}

function step(both: Both | undefined, direction: Direction): void {
  if (!both) return;
  if (direction === 'to-responder') both.toResponder++;
  if (direction === 'to-client') both.toClient++;
}

function bothOf(counts: OwnCounts, content: OuterPacket['content']): Both | undefined {
  switch (content.kind) {
    case 'ike':
      return content.port === 500 ? counts.ike500 : counts.ike4500;
    case 'esp-in-udp':
      return counts.espInUdp;
    case 'esp-native':
      return counts.espNative;
    default:
      return undefined;
  }
}

function none(): Both {
  return { toResponder: 0, toClient: 0 };
}

function noCounts(): OwnCounts {
  return { ike500: none(), ike4500: none(), espInUdp: none(), espNative: none(), keepalives: 0 };
}
