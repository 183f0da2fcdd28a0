import { clientPlaces, pathFrom } from './client-places.ts';
import { usualNatKind } from './nat-kinds.ts';
import { addressOf } from './subnet.ts';
import type { Topology, TopologyNode } from './topology.ts';

/** Columns in front of the texts: the longest node name in its box, and a gap. */
const indent = 16;

/**
 * A topology as a small text drawing of at most 100 columns, made from its data alone: the path from the
 * client at the top to the server at the bottom, each segment with the addresses at its two ends, NAT boxes
 * with their kind and forwards, filters with what they permit, and the nodes beside the path where they branch off,
 * each with the client whose own path joins there.
 */
export function diagram(topology: Topology): string {
  return topology.path
    .flatMap((name, index) => {
      const node = topology.nodes[name];
      return node ? nodeLines(name, node) : segmentLines(topology, name, index);
    })
    .join('\n');
}

/** What translates or filters is drawn as a box: it is what a topology is about. */
function nodeLines(name: string, { label, interfaces, nat, filter }: TopologyNode): string[] {
  const does = [
    ...(nat ? [`hides what is behind it as ${addressOf(interfaces[nat.outside] ?? '')}`] : []),
    ...(nat && nat.kind !== usualNatKind ? [`NAT kind ${nat.kind}`] : []),
    ...(nat?.forwards ?? []).map(({ protocol, port, to }) => `forwards ${what(protocol, port)} to ${to}`),
    ...(filter ? [`lets in from ${filter.outside}:`] : []),
    ...(filter?.permits ?? []).map(({ protocol, port }) => `  ${what(protocol, port)}`),
  ];
  const title = does.length === 0 ? name : `[${name}]`;
  return [title.padEnd(indent) + label, ...does.map((text) => wire(`  ${text}`))];
}

function what(protocol: string, port: number | undefined): string {
  return [protocol.toUpperCase(), port].join(' ').trim();
}

function segmentLines(topology: Topology, name: string, index: number): string[] {
  const { nodes, segments, path, dial } = topology;
  const ends = [path[index - 1], path[index + 1]].map((node = '') => {
    const address = addressOf(nodes[node]?.interfaces[name] ?? '');
    return address === dial ? `${address} (dialled)` : address;
  });
  const branches = Object.entries(nodes).flatMap(([node, { interfaces }]) => {
    const cidr = interfaces[name];
    return path.includes(node) || cidr === undefined
      ? []
      : [`  +-- ${node} ${addressOf(cidr)}${behind(topology, node)}`];
  });
  const { subnet = '', public: isPublic } = segments[name] ?? {};
  const segment = `${name.padEnd(indent - 4)} ${ends.join(' -- ')}`;
  return [wire(`${segment.padEnd(52)} ${subnet}${isPublic ? ', public' : ''}`), ...branches];
}

/** What lies between a client with a path of its own and the node by which that joins the drawn one. */
function behind(topology: Topology, node: string): string {
  const ways = clientPlaces(topology).map((place) => pathFrom(topology, place));
  const way = ways.find((each) => each.indexOf(node) > 0) ?? [];
  return way
    .slice(0, Math.max(0, way.indexOf(node)))
    .toReversed()
    .map((name) => {
      const segment = topology.segments[name];
      if (segment) return `, ${name} ${segment.subnet}`;
      const addresses = Object.values(topology.nodes[name]?.interfaces ?? {}).map(addressOf);
      return `, ${name} ${addresses.join(' and ')}`;
    })
    .join('');
}

function wire(text: string): string {
  return '  |'.padEnd(indent) + text;
}
