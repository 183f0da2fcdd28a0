import { clientPlaces, hidingBoxes, ownAddress } from '../client-places.ts';
import { addressOf } from '../subnet.ts';
import type { Topology } from '../topology.ts';
import type { OuterPacket } from './outer.ts';
import { type Direction, sidesOf } from './sides.ts';

/**
 * The client (from 0, in the order in which they dial) whose packet this is; undefined where that cannot be told.
 * Learns as it is asked: the first segment of the path comes first, each segment's packets in their order.
 */
export type OwnerOf = (segment: string, packet: OuterPacket, direction: Direction) => number | undefined;

/**
 * Tells the packets of a topology's clients apart, by their outside alone.
 *
 * Up to its first NAT gateway each client has an address of its own on each segment, and that decides: also for a
 * packet that was delivered to the wrong client. On another segment the same address may be another client's. What
 * shows there belongs to that client from then on, on every segment: the ISAKMP initiator cookie (RFC 2408 3.1), and
 * for each direction the SPI (RFC 4303 2.1). Beyond the gateway cookie and SPI decide; for what has neither, or one
 * that no client's own segment shows, the gateway's address where it hides this client alone; where several come from
 * it, the address and port that a client was last seen to send from on that segment (RFC 3948 2.3 keeps keepalives on
 * the ports of ESP). ESP without UDP whose SPI was lost before it reached one of several clients stays nobody's.
 */
export function ownership(topology: Topology): OwnerOf {
  const places = clientPlaces(topology);
  // One client has all there is, also what strays.
  if (places.length === 1) return () => 0;
  const { bare, hiding } = addressesOf(topology, places);
  const isBare = (segment: string) => bare.segments.has(segment) && !hiding.segments.has(segment);
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
    const client = bare.clients.get(`${segment} ${end.address}`);
    if (client !== undefined || isBare(segment)) {
      // The first who shows it: what is delivered to another one later is not his.
      if (client !== undefined && mark !== undefined && !byMark.has(mark)) byMark.set(mark, client);
      return client;
    }
    const seenFrom = ports && `${segment} ${end.address}:${end.port}`;
    const alone = hiding.clients.get(`${segment} ${end.address}`);
    const known = byMark.get(mark ?? '') ?? alone ?? byEnd.get(seenFrom ?? '');
    // Only a client's own packets: the responder may send to a port that is another one's.
    if (known !== undefined && seenFrom !== undefined && direction === 'to-responder') {
      byEnd.set(seenFrom, known);
    }
    return known;
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

/** Whose an address is, by segment and address; those of several clients are in neither. */
interface Addresses {
  readonly segments: Set<string>;
  readonly clients: Map<string, number | undefined>;
}

/** `bare`: clients' own addresses, up to the first gateway that hides them. `hiding`: those of gateways, from there on. */
function addressesOf(topology: Topology, places: readonly string[]): Record<'bare' | 'hiding', Addresses> {
  const bare: Addresses = { segments: new Set(), clients: new Map() };
  const hiding: Addresses = { segments: new Set(), clients: new Map() };
  for (const [client, place] of places.entries()) {
    const gateways = hidingBoxes(topology, place).map((name) => topology.nodes[name]);
    let [addresses, address] = [bare, ownAddress(topology, place)];
    for (const segment of sidesOf(topology, place).path) {
      const gateway = gateways.find((each) => each?.nat?.outside === segment);
      if (gateway) [addresses, address] = [hiding, addressOf(gateway.interfaces[segment] ?? '')];
      const key = `${segment} ${address}`;
      addresses.segments.add(segment);
      addresses.clients.set(key, addresses.clients.has(key) ? undefined : client);
    }
  }
  return { bare, hiding };
}
