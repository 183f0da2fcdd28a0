import { natKindNames } from './nat-kinds.ts';
import {
  addressOf,
  containsAddress,
  containsSubnet,
  isAligned,
  isHostAddress,
  overlaps,
  prefixOf,
} from './subnet.ts';
import { suggestion } from './suggestion.ts';
import type { FilterRules, Hold, NatRules, Topology, TopologyNode } from './topology.ts';

/** What does not fit in a topology, and where in its file. */
export interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** RFC 2544's test range: never routed on the Internet, so a leak meets nobody. */
const publicRange = '198.18.0.0/15';
/** RFC 1918 3. */
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
/** The kernel has interfaces or settings of these names. */
const takenNames = ['lo', 'all', 'default'];
/** The container that holds a lab's segments is named so. */
const wireName = 'wire';
/** As many as the AlliedWare How-To's script has users. */
const mostClients = 5;

/** Everything that the parts of a well-formed topology get wrong about each other, in the file's order. */
export function topologyComplaints(topology: Topology): Complaint[] {
  return [
    ...segmentComplaints(topology),
    ...Object.entries(topology.nodes).flatMap(([name, node]) => [...nodeComplaints(topology, name, node)]),
    ...duplicateAddresses(topology),
    ...roleComplaints(topology),
    ...clientComplaints(topology),
    ...dialComplaints(topology),
    ...pathComplaints(topology),
    ...(topology.hold ? holdComplaints(topology, topology.hold, ['hold']) : []),
    ...variantComplaints(topology),
  ];
}

function* segmentComplaints({ segments, nodes }: Topology): Generator<Complaint> {
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

function* nodeComplaints(topology: Topology, name: string, node: TopologyNode): Generator<Complaint> {
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

function* filterComplaints(
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

function* holdComplaints(
  { nodes, segments }: Topology,
  { idleSeconds, rebind }: Hold,
  path: (string | number)[],
): Generator<Complaint> {
  if ((idleSeconds === undefined) === (rebind === undefined)) {
    yield { path, message: 'name one of idleSeconds and rebind' };
  }
  if (!rebind) return;
  const { box, address } = rebind;
  const nat = nodes[box]?.nat;
  if (!nat) {
    yield { path: [...path, 'rebind', 'box'], message: `${box} is no node of kind nat` };
  } else if (address !== undefined) {
    const at = [...path, 'rebind', 'address'];
    const subnet = segments[nat.outside]?.subnet ?? '';
    const taken = Object.values(nodes).some(({ interfaces }) => {
      const cidr = interfaces[nat.outside];
      return cidr !== undefined && addressOf(cidr) === address;
    });
    if (!isOn(subnet, address))
      yield { path: at, message: `${address} is no address of ${nat.outside} (${subnet})` };
    else if (taken) yield { path: at, message: `${address} is taken on ${nat.outside}` };
  }
}

function* natComplaints(
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

function* duplicateAddresses({ nodes }: Topology): Generator<Complaint> {
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

function* roleComplaints({ nodes, server }: Topology): Generator<Complaint> {
  for (const [kind, most, count] of [
    ['client', mostClients, `1 to ${mostClients} nodes`],
    ['responder', 1, 'exactly one node'],
  ] as const) {
    const found = Object.keys(nodes).filter((name) => nodes[name]?.kind === kind);
    if (found.length === 0 || found.length > most) {
      const message = `${count} of kind ${kind}, found ${found.join(', ') || 'none'}`;
      yield { path: ['nodes'], message };
    }
  }
  const host = nodes[server];
  const path = ['server'];
  if (host?.kind !== 'host') {
    yield { path, message: `${server} is no node of kind host` };
  } else {
    const responder = Object.values(nodes).find((node) => node.kind === 'responder');
    const addresses = Object.keys(host.interfaces).map((segment) => responder?.interfaces[segment]);
    if (!addresses.some((cidr) => cidr !== undefined && addressOf(cidr) === host.gateway)) {
      yield { path, message: `${server} must have the responder as its gateway: it answers into the tunnel` };
    }
  }
}

/** Clients beyond the one of the path are further people at its place: what holds for the path holds for them. */
function* clientComplaints({ nodes, path }: Topology): Generator<Complaint> {
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

/** What is dialled is the responder, or a NAT gateway that forwards something to it. */
function* dialComplaints({ nodes, dial }: Topology): Generator<Complaint> {
  const responder = Object.values(nodes).find((node) => node.kind === 'responder');
  const own = Object.values(responder?.interfaces ?? {}).map(addressOf);
  const forwarding = Object.values(nodes)
    .filter((node) => node.nat?.forwards.some(({ to }) => own.includes(to)))
    .map((node) => addressOf(node.interfaces[node.nat?.outside ?? ''] ?? ''));
  if (![...own, ...forwarding].includes(dial)) {
    const message = `${dial} is neither the responder's nor that of a NAT gateway that forwards to it`;
    yield { path: ['dial'], message };
  }
}

function* pathComplaints({ nodes, segments, path, server }: Topology): Generator<Complaint> {
  for (const [index, name] of path.entries()) {
    const at = ['path', index];
    const [kind, known] = index % 2 === 0 ? ['node', nodes] : ['segment', segments];
    if (!(name in known)) yield { path: at, message: `${name} is no ${kind}: node and segment take turns` };
    if (path.indexOf(name) !== index) yield { path: at, message: `the path comes to ${name} twice` };
    const previous = path[index - 1];
    if (previous === undefined) continue;
    const [nodeName, segment] = index % 2 === 0 ? [name, previous] : [previous, name];
    const node = nodes[nodeName];
    if (node && !(segment in node.interfaces)) {
      yield { path: at, message: `${nodeName} does not stand on ${segment}` };
    }
  }
  const [first = ''] = path;
  if (nodes[first]?.kind !== 'client') yield { path: ['path', 0], message: 'the path begins at the client' };
  if (path.at(-1) !== server) {
    yield { path: ['path', path.length - 1], message: `the path ends at the server, ${server}` };
  }
  if (!path.some((name) => nodes[name]?.kind === 'responder')) {
    yield { path: ['path'], message: 'the path misses the responder' };
  }
  for (const [name, node] of Object.entries(nodes)) {
    if (!path.includes(name) && !Object.keys(node.interfaces).some((segment) => path.includes(segment))) {
      yield { path: ['nodes', name], message: `${name} stands on no segment of the path` };
    }
  }
}

function* variantComplaints(topology: Topology): Generator<Complaint> {
  for (const [name, variant] of Object.entries(topology.variants)) {
    const { boxes, filters, segments, hold, dial } = variant;
    const path = ['variants', name];
    if (name === 'default') yield { path, message: "default means the boxes' own rules" };
    if (natKindNames().includes(name))
      yield { path, message: `${name} is a NAT kind; name the variant else` };
    const changes = [boxes, filters, segments].some((each) => Object.keys(each).length > 0);
    if (!changes && hold === undefined && dial === undefined)
      yield { path, message: `${name} changes nothing` };
    for (const [boxName, rules] of Object.entries(boxes)) {
      const at = [...path, 'boxes', boxName];
      const box = topology.nodes[boxName];
      if (box?.kind === 'nat') yield* natComplaints(topology, boxName, box, rules, at);
      else yield { path: at, message: `${boxName} is no node of kind nat` };
    }
    for (const [router, rules] of Object.entries(filters)) {
      const at = [...path, 'filters', router];
      const node = topology.nodes[router];
      if (node?.kind === 'router') yield* filterComplaints(router, node, rules, at);
      else yield { path: at, message: `${router} is no node of kind router` };
    }
    for (const segment of Object.keys(segments)) {
      if (!(segment in topology.segments))
        yield { path: [...path, 'segments', segment], message: `there is no segment ${segment}` };
    }
    if (hold) yield* holdComplaints(topology, hold, [...path, 'hold']);
    if (dial !== undefined) yield* oldAddressComplaints(topology, dial, [...path, 'dial']);
  }
}

/** What a variant dials was the office's once: on its public segment, and nobody's now. */
function* oldAddressComplaints(
  { nodes, segments, dial: current }: Topology,
  dial: string,
  path: (string | number)[],
): Generator<Complaint> {
  const there = Object.entries(segments).find(([, { subnet }]) => isOn(subnet, current));
  if (!there || !isOn(there[1].subnet, dial)) {
    yield { path, message: `${dial} is no address beside ${current}` };
  } else if (Object.values(nodes).some(({ interfaces }) => addressOf(interfaces[there[0]] ?? '') === dial)) {
    yield { path, message: `${dial} is somebody's: an old address is nobody's` };
  }
}

function isOn(subnet: string, address: string): boolean {
  return containsAddress(subnet, address) && isHostAddress(subnet, address);
}

/** True when a node other than `asking` has this address on this segment. */
function ownerOn({ nodes }: Topology, segment: string, address: string, asking: string): boolean {
  return Object.entries(nodes).some(([name, node]) => {
    const cidr = node.interfaces[segment];
    return name !== asking && cidr !== undefined && addressOf(cidr) === address;
  });
}
