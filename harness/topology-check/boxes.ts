import { natKindNames } from '../nat-kinds.ts';
import { suggestion } from '../suggestion.ts';
import type { FilterRules, NatRules, Topology, TopologyNode } from '../topology.ts';
import type { Complaint } from './complaint.ts';
import { ownerOn } from './on-segment.ts';

/** What a NAT gateway does: to its own segments, once each, and to nodes that are there. */
export function* natComplaints(
  topology: Topology,
  name: string,
  node: TopologyNode,
  rules: NatRules,
  path: (string | number)[],
): Generator<Complaint> {
  if (!(rules.outside in node.interfaces)) {
    yield { path: [...path, 'outside'], message: `${name} does not stand on ${rules.outside}` };
  }
  if (!natKindNames().includes(rules.kind)) {
    const message = `there is no NAT kind ${rules.kind}. ${suggestion(rules.kind, natKindNames())}`;
    yield { path: [...path, 'kind'], message };
  }
  const inside = Object.keys(node.interfaces).filter((segment) => segment !== rules.outside);
  const seen = new Set<string>();
  for (const [index, { protocol, port, to }] of rules.forwards.entries()) {
    const at = [...path, 'forwards', index];
    if ((protocol === 'esp') !== (port === undefined)) {
      yield { path: at, message: protocol === 'esp' ? 'esp has no ports' : `${protocol} needs a port` };
    }
    const what = `${protocol} ${port ?? ''}`.trim();
    if (seen.has(what)) yield { path: at, message: `${what} is forwarded twice` };
    seen.add(what);
    if (!inside.some((segment) => ownerOn(topology, segment, to, name))) {
      yield { path: [...at, 'to'], message: `${to} is no node's address on an inside segment of ${name}` };
    }
  }
}

/** What a router lets in: on its own segment, and nothing twice. */
export function* filterComplaints(
  name: string,
  node: TopologyNode,
  { outside, permits }: FilterRules,
  path: (string | number)[],
): Generator<Complaint> {
  if (!(outside in node.interfaces)) {
    yield { path: [...path, 'outside'], message: `${name} does not stand on ${outside}` };
  }
  const seen = new Set<string>();
  for (const [index, { protocol, port }] of permits.entries()) {
    const at = [...path, 'permits', index];
    const hasPorts = protocol === 'udp' || protocol === 'tcp';
    if (hasPorts !== (port !== undefined)) {
      yield { path: at, message: hasPorts ? `${protocol} needs a port` : `${protocol} has no ports` };
    }
    const what = `${protocol} ${port ?? ''}`.trim();
    if (seen.has(what)) yield { path: at, message: `${what} is permitted twice` };
    seen.add(what);
  }
}
