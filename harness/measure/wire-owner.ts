import { clientPlaces } from '../client-places.ts';
import { addressOf } from '../subnet.ts';
import type { Topology } from '../topology.ts';
import type { OuterPacket } from './outer.ts';
import type { Direction } from './sides.ts';

/**
 * The client (from 0, in the order in which they dial) whose packet this is; undefined where that cannot be told.
 * Learns as it is asked: the first segment of the path comes first, each segment's packets in their order.
 */
export type OwnerOf = (segment: string, packet: OuterPacket, direction: Direction) => number | undefined;

/**
 * Tells the packets of a topology's clients apart, by their outside alone.
 *
 * Up to the first NAT gateway each client has an address of its own, and that decides: also for a packet that was
 * delivered to the wrong client. What shows there belongs to that client from then on, on every segment: the
 * ISAKMP initiator cookie (RFC 2408 3.1), and for each direction the SPI (RFC 4303 2.1). Beyond the gateway, where
 * all come from one address, cookie and SPI decide; for what has neither, or one that no client's own segment
 * shows, the address and port that a client was last seen to send from on that segment (RFC 3948 2.3 keeps
 * keepalives on the ports of ESP). ESP without UDP whose SPI was lost before it reached a client stays nobody's.
 *
 * @param path the segments between clients and responder, from the clients on
 */
export function ownership(topology: Topology, path: readonly string[]): OwnerOf {
  const places = clientPlaces(topology);
  // One client has all there is, also what strays.
  if (places.length === 1) return () => 0;
  const bare = segmentsBeforeNat(topology, path);
  const addresses = new Map(
    places.flatMap((name, client) =>
      Object.values(topology.nodes[name]?.interfaces ?? {}).map((cidr) => [addressOf(cidr), client] as const),
    ),
  );
  const byMark = new Map<string, number>();
  const byEnd = new Map<string, number>();

  return (segment, packet, direction) => {
    if (direction === 'elsewhere') return undefined;
    const { source, destination, ports } = packet;
    const mark = markOf(packet, direction);
    const end =
      direction === 'to-responder'
        ? { address: source, port: ports?.source }
        : { address: destination, port: ports?.destination };
    if (bare.includes(segment)) {
      const client = addresses.get(end.address);
      // The first who shows it: what is delivered to another one later is not his.
      if (client !== undefined && mark !== undefined && !byMark.has(mark)) byMark.set(mark, client);
      return client;
    }
    const seenFrom = ports && `${segment} ${end.address}:${end.port}`;
    const client = byMark.get(mark ?? '') ?? byEnd.get(seenFrom ?? '');
    // Only a client's own packets: the responder may send to a port that is another one's.
    if (client !== undefined && seenFrom !== undefined && direction === 'to-responder') {
      byEnd.set(seenFrom, client);
    }
    return client;
  };
}

/** What a packet shows of its connection, as a key; SPIs are chosen by the receiver, and both may choose alike. */
function markOf({ content }: OuterPacket, direction: Direction): string | undefined {
  switch (content.kind) {
    case 'ike':
      return content.isakmp && `cookie ${content.isakmp.initiatorCookie}`;
    case 'esp-in-udp':
    case 'esp-native':
      return `${direction} ${content.spi}`;
    default:
      return undefined;
  }
}

/** The segments on which clients have their own addresses: up to the first gateway that hides them. */
function segmentsBeforeNat({ nodes, path: drawn }: Topology, path: readonly string[]): readonly string[] {
  const hidden = path.findIndex(
    (segment) => nodes[drawn[drawn.indexOf(segment) - 1] ?? '']?.nat?.outside === segment,
  );
  return hidden === -1 ? path : path.slice(0, hidden);
}
