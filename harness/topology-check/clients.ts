import type { Topology, TopologyNode } from '../topology.ts';
import type { Complaint } from './complaint.ts';

/** Clients beyond the one of the path are further people at its place: what holds for the path holds for them. */
export function* clientComplaints({ nodes, path }: Topology): Generator<Complaint> {
  const [place = ''] = path;
  const first = nodes[place];
  if (first?.kind !== 'client') return;
  const segmentsOf = ({ interfaces }: TopologyNode) => Object.keys(interfaces).sort().join(', ');
  for (const [name, node] of Object.entries(nodes)) {
    if (node.kind !== 'client' || name === place) continue;
    const at = ['nodes', name];
    if (segmentsOf(node) !== segmentsOf(first)) {
      const message = `${name} does not stand where ${place} does, on ${segmentsOf(first)}`;
      yield { path: [...at, 'interfaces'], message };
    }
    if (node.gateway !== first.gateway) {
      const message = `${name} has another gateway than ${place} (${first.gateway ?? 'none'})`;
      yield { path: [...at, 'gateway'], message };
    }
    if (path.includes(name)) {
      const message = `${name} is a further client: it stands beside the path`;
      yield { path: ['path', path.indexOf(name)], message };
    }
  }
}
