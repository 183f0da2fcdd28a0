import {
  addressOf,
  containsAddress,
  containsSubnet,
  isAligned,
  isHostAddress,
  overlaps,
  prefixOf,
} from '../subnet.ts';
import type { Topology, TopologyNode } from '../topology.ts';
import { filterComplaints, natComplaints } from './boxes.ts';
import type { Complaint } from './complaint.ts';
import { ownerOn } from './on-segment.ts';

/** RFC 2544's test range: never routed on the Internet, so a leak meets nobody. */
const publicRange = '198.18.0.0/15';
/** RFC 1918 3. */
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
/** The kernel has interfaces or settings of these names. */
const takenNames = ['lo', 'all', 'default'];
/** The container that holds a lab's segments is named so. */
const wireName = 'wire';

/** Segments: their subnets, and that they join somebody. */
export function* segmentComplaints({ segments, nodes }: Topology): Generator<Complaint> {
  for (const [name, { subnet, public: isPublic }] of Object.entries(segments)) {
    const path = ['segments', name, 'subnet'];
    if (takenNames.includes(name))
      yield { path, message: `a segment cannot be named ${name}: Linux uses it` };
    if (!isAligned(subnet))
      yield { path, message: `${subnet} has host bits set; write the network's address` };
    if (isPublic && !containsSubnet(publicRange, subnet)) {
      yield { path, message: `a public segment lies in ${publicRange}, ${subnet} does not` };
    }
    if (!isPublic && !privateRanges.some((range) => containsSubnet(range, subnet))) {
      yield { path, message: `a segment that is not public lies in ${privateRanges.join(', ')} (RFC 1918)` };
    }
    const attached = Object.values(nodes).filter((node) => name in node.interfaces).length;
    if (attached < 2) yield { path, message: `segment ${name} joins ${attached} nodes; it takes two` };
  }
}

/** A node for itself: its interfaces, routes and what it does to packets. */
export function* nodeComplaints(topology: Topology, name: string, node: TopologyNode): Generator<Complaint> {
  const path = ['nodes', name];
  const interfaces = Object.entries(node.interfaces);
  if (name === wireName) yield { path, message: `a node cannot be named ${wireName}: the fabric has one` };
  if (interfaces.length === 0) yield { path, message: `${name} stands on no segment` };
  for (const [segment, cidr] of interfaces) {
    const subnet = topology.segments[segment]?.subnet;
    const at = [...path, 'interfaces', segment];
    if (subnet === undefined) {
      yield { path: at, message: `there is no segment ${segment}` };
    } else if (!containsAddress(subnet, addressOf(cidr)) || prefixOf(cidr) !== prefixOf(subnet)) {
      yield { path: at, message: `${cidr} is not an address of segment ${segment} (${subnet})` };
    } else if (!isHostAddress(subnet, addressOf(cidr))) {
      yield { path: at, message: `${cidr} is the network or broadcast address of ${subnet}` };
    }
  }
  for (const [index, [segment, cidr]] of interfaces.entries()) {
    const twin = interfaces.slice(0, index).find(([, other]) => overlaps(other, cidr));
    if (twin) {
      const message = `${name} would have the subnet of ${segment} on ${twin[0]} too, and could not tell them apart`;
      yield { path: [...path, 'interfaces', segment], message };
    }
  }
  const hops = [
    ...(node.gateway === undefined ? [] : [{ via: node.gateway, at: ['gateway'] }]),
    ...node.routes.map((route, index) => ({ via: route.via, at: ['routes', index, 'via'] })),
  ];
  for (const { via, at } of hops) {
    if (!interfaces.some(([segment]) => ownerOn(topology, segment, via, name))) {
      yield { path: [...path, ...at], message: `${via} is no other node's address on a segment of ${name}` };
    }
  }
  if (node.kind === 'nat' && !node.nat) yield { path, message: `${name} is a NAT gateway without nat rules` };
  if (node.kind !== 'nat' && node.nat) yield { path: [...path, 'nat'], message: `${name} is no NAT gateway` };
  if (node.nat) yield* natComplaints(topology, name, node, node.nat, [...path, 'nat']);
  if (node.filter && node.kind !== 'router')
    yield { path: [...path, 'filter'], message: `${name} is no router` };
  if (node.filter) yield* filterComplaints(name, node, node.filter, [...path, 'filter']);
}

/** One address of a segment is one node's. In segments apart the same one may be: each is behind its own NAT. */
export function* duplicateAddresses({ nodes }: Topology): Generator<Complaint> {
  const owners = new Map<string, string>();
  for (const [name, node] of Object.entries(nodes)) {
    for (const [segment, cidr] of Object.entries(node.interfaces)) {
      const key = `${segment} ${addressOf(cidr)}`;
      const owner = owners.get(key);
      const path = ['nodes', name, 'interfaces', segment];
      if (owner !== undefined)
        yield { path, message: `${owner} has ${addressOf(cidr)} on ${segment} already` };
      owners.set(key, name);
    }
  }
}
