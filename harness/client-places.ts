import { CrossnatError } from './error.ts';
import { remembered } from './remembered.ts';
import { addressOf } from './subnet.ts';
import type { Topology } from './topology.ts';

/** What says where a topology's clients stand. */
type Places = Pick<Topology, 'nodes' | 'path'>;

/** The nodes where a topology's clients stand, the one of its drawing first; a cell with n clients has the first n. */
export const clientPlaces: (topology: Places) => readonly string[] = remembered(({ nodes, path }) => {
  const places = Object.keys(nodes).filter((name) => nodes[name]?.kind === 'client');
  return places.toSorted((a, b) => Number(path[0] === b) - Number(path[0] === a));
});

/**
 * The path of the client that stands here: node, segment, node, ... to the server. The topology names the first
 * client's; another's leads from gateway to gateway until it comes to a node of that, and on along it. In a topology
 * that has not been checked it may end on the way.
 */
export const pathFrom: (topology: Places, place: string) => readonly string[] = remembered(pathOf);

function pathOf({ nodes, path }: Places, place: string): readonly string[] {
  const own = [place];
  for (let name = place; !path.includes(name); ) {
    const [segment, next] = gatewayOf(nodes, name) ?? [];
    if (segment === undefined || next === undefined || own.includes(next)) return own;
    own.push(segment, next);
    name = next;
  }
  return [...own, ...path.slice(path.indexOf(own.at(-1) ?? '') + 1)];
}

/** The segment on which a node has its gateway, and who that is. */
function gatewayOf(nodes: Topology['nodes'], name: string): [segment: string, node: string] | undefined {
  const { gateway, interfaces = {} } = nodes[name] ?? {};
  for (const segment of Object.keys(interfaces)) {
    const next = Object.keys(nodes).find(
      (other) => other !== name && addressOf(nodes[other]?.interfaces[segment] ?? '') === gateway,
    );
    if (next !== undefined) return [segment, next];
  }
  return undefined;
}

/** The address that a client has itself. */
export function ownAddress({ nodes }: Pick<Topology, 'nodes'>, place: string): string {
  const [cidr = ''] = Object.values(nodes[place]?.interfaces ?? {});
  return addressOf(cidr);
}

/** The address that the responder's side sees of a client: its own, or that of the last NAT gateway that hides it. */
export function outerAddress(topology: Places, place: string): string {
  const box = hidingBoxes(topology, place).at(-1) ?? '';
  const { nat, interfaces } = topology.nodes[box] ?? {};
  return nat ? addressOf(interfaces?.[nat.outside] ?? '') : ownAddress(topology, place);
}

/** The NAT gateways that hide a client, the one beside it first: their outside lies further along its path. */
export function hidingBoxes(topology: Places, place: string): string[] {
  const path = pathFrom(topology, place);
  return path.filter((name, at) => {
    const outside = topology.nodes[name]?.nat?.outside;
    return outside !== undefined && path.indexOf(outside) > at;
  });
}

/** The path of the first client that comes through this node; the drawn one for what stands beside all of them. */
export function pathThrough(topology: Places, node: string): readonly string[] {
  const paths = clientPlaces(topology).map((place) => pathFrom(topology, place));
  return paths.find((path) => path.includes(node)) ?? topology.path;
}

/**
 * The topology with so many of its clients and no other, and without the boxes and segments that only the others need:
 * a node that no cell needs is not started. Throws CrossnatError `usage` where it has no place for them.
 */
export const withClients: (topology: Topology, clients: number) => Topology = remembered(onlyClients);

function onlyClients(topology: Topology, clients: number): Topology {
  const places = clientPlaces(topology);
  if (clients > places.length) {
    throw new CrossnatError('usage', {
      doing: `placing ${clients} clients in topology ${topology.name}`,
      found: `it has places for ${places.length}`,
      remedy: 'Choose a topology with more nodes of kind client, like shared-nat',
    });
  }
  const passed = (those: readonly string[]) => new Set(those.flatMap((place) => pathFrom(topology, place)));
  const [needed, others] = [passed(places.slice(0, clients)), passed(places.slice(clients))];
  const kept = <Part>(parts: Readonly<Record<string, Part>>): Record<string, Part> =>
    Object.fromEntries(Object.entries(parts).filter(([name]) => needed.has(name) || !others.has(name)));
  return { ...topology, nodes: kept(topology.nodes), segments: kept(topology.segments) };
}
