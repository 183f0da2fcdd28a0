import { clientPlaces, pathFrom } from '../client-places.ts';
import { addressOf } from '../subnet.ts';
import type { Topology } from '../topology.ts';

export type Direction = 'to-responder' | 'to-client' | 'elsewhere';

/** Which segments lie between a client and the responder, and which way a packet on them goes. */
export interface Sides {
  /** The segments between the client and the responder, in the order in which a packet of the client crosses them. */
  readonly path: readonly string[];
  /** By the packet's outer addresses as they are on any of these segments. */
  directionOf(source: string, destination: string): Direction;
}

/**
 * The sides of a topology, for the client that stands at `place`: absent, for the first. NAT changes the client's
 * address on the way, and the responder's where it is forwarded; but on every segment of the path one end of a packet
 * is either the dialled address or the responder's own, and that end gives the direction.
 */
export function sidesOf(topology: Topology, place?: string): Sides {
  const { nodes, dial } = topology;
  const fullPath = place === undefined ? topology.path : pathFrom(topology, place);
  const responderAt = fullPath.findIndex((name) => nodes[name]?.kind === 'responder');
  const path = fullPath.slice(0, responderAt).filter((_, index) => index % 2 === 1);
  const responder = nodes[fullPath[responderAt] ?? '']?.interfaces ?? {};
  const own = path.flatMap((segment) => {
    const cidr = responder[segment];
    return cidr === undefined ? [] : [addressOf(cidr)];
  });
  // The dialled address first: behind two NATs client and responder may have the same private address.
  const responderAddresses = [dial, ...own];
  return {
    path,
    directionOf(source, destination) {
      for (const address of responderAddresses) {
        if (destination === address) return 'to-responder';
        if (source === address) return 'to-client';
      }
      return 'elsewhere';
    },
  };
}

/** The segments between all clients of a topology and its responder, each after those from which packets come to it. */
export function outerSegments(topology: Topology): string[] {
  const paths = clientPlaces(topology).map((place) => sidesOf(topology, place).path);
  const fromResponder = new Map(
    paths.flatMap((path) => path.map((segment, index) => [segment, path.length - index] as const)),
  );
  return [...fromResponder].toSorted(([, a], [, b]) => b - a).map(([segment]) => segment);
}
