import { addressOf } from './subnet.ts';
import type { Topology, TopologyNode } from './topology.ts';

/** Columns in front of the texts: the longest node name in its box, and a gap. */
const indent = 16;

/**
 * A topology as a small text drawing of at most 100 columns, made from its data alone: the path from the
 * client at the top to the server at the bottom, each segment with the addresses at its two ends, NAT boxes
 * with their forwards, and the nodes beside the path where they branch off.
 */
export function diagram(topology: Topology): string {
  return topology.path
    .flatMap((name, index) => {
      const node = topology.nodes[name];
      return node ? nodeLines(name, node) : segmentLines(topology, name, index);
    })
    .join('\n');
}

/** NAT gateways are drawn as boxes: they are what a topology is about. */
function nodeLines(name: string, { label, interfaces, nat }: TopologyNode): string[] {
  if (!nat) return [name.padEnd(indent) + label];
  const pinholes = nat.forwards.map(
    ({ protocol, port, to }) => `forwards ${[protocol.toUpperCase(), port].join(' ').trim()} to ${to}`,
  );
  const hiding = `hides what is behind it as ${addressOf(interfaces[nat.outside] ?? '')}`;
  return [`[${name}]`.padEnd(indent) + label, ...[hiding, ...pinholes].map((text) => wire(`  ${text}`))];
}

function segmentLines({ nodes, segments, path, dial }: Topology, name: string, index: number): string[] {
  const ends = [path[index - 1], path[index + 1]].map((node = '') => {
    const address = addressOf(nodes[node]?.interfaces[name] ?? '');
    return address === dial ? `${address} (dialled)` : address;
  });
  const branches = Object.entries(nodes).flatMap(([node, { interfaces }]) => {
    const cidr = interfaces[name];
    return path.includes(node) || cidr === undefined ? [] : [`  +-- ${node} ${addressOf(cidr)}`];
  });
  const { subnet = '', public: isPublic } = segments[name] ?? {};
  const segment = `${name.padEnd(indent - 4)} ${ends.join(' -- ')}`;
  return [wire(`${segment.padEnd(52)} ${subnet}${isPublic ? ', public' : ''}`), ...branches];
}

function wire(text: string): string {
  return '  |'.padEnd(indent) + text;
}
