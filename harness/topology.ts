import { z } from 'zod';
import { usualNatKind } from './nat-kinds.ts';
import { topologyComplaints } from './topology-check/topology-complaints.ts';

/**
 * A topology as its file in `topologies/` says it: segments, nodes, the places where client and
 * responder stand, and named variants of its boxes. Data only: no Docker, no protocol.
 */
const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,11}$/,
    'lower-case letters, digits and dashes, at most 12: it becomes an interface name',
  );
const interfaceAddress = z.cidrv4();
const ipv4 = z.ipv4();

const forward = z.strictObject({
  protocol: z.enum(['udp', 'tcp', 'esp']),
  /** Outside port; absent for esp. */
  port: z.int().min(1).max(65535).optional(),
  /** Inside address it goes to; the port stays. */
  to: ipv4,
});

const natRules = z.strictObject({
  /** The segment whose address hides the others (masquerade). */
  outside: name,
  forwards: z.array(forward).default([]),
  /** How it behaves else: a file of `topologies/nat-kinds/`. */
  kind: z.string().default(usualNatKind),
});

const permit = z.strictObject({
  protocol: z.enum(['udp', 'tcp', 'esp', 'ah']),
  /** Destination port; absent for esp and ah. */
  port: z.int().min(1).max(65535).optional(),
});

/** A gateway that filters without NAT: from its outside come what it permits and answers; what is inside may begin anything. */
const filterRules = z.strictObject({ outside: name, permits: z.array(permit) });

/** How a segment carries packets, where it is not perfect; each copy of a packet is treated by itself. */
const quality = z
  .strictObject({
    latencyMs: z.number().min(0).max(10_000).optional(),
    /** Each packet takes up to that much longer: above 0 they overtake each other. */
    jitterMs: z.number().min(0).max(10_000).optional(),
    /** Chances from 0 to 1. */
    loss: z.number().min(0).max(1).optional(),
    duplication: z.number().min(0).max(1).optional(),
    /** Of a packet that goes ahead of those that the latency holds. */
    reordering: z.number().min(0).max(1).optional(),
    /** Octets of an IP packet: routers cut what is larger, or tell its sender where that forbids it (RFC 1191). */
    mtu: z.int().min(576).max(1500).optional(),
    /** `lost`: "too big" is filtered, and whoever forbids to cut its packets never hears why they are lost (RFC 2923 2.1). */
    tooBig: z.enum(['told', 'lost']).optional(),
    /** Mbit/s toward each node; a packet waits until those before it have left. */
    rate: z.number().positive().optional(),
    /** How many packets may wait for that; one more is dropped. */
    queue: z.int().min(1).max(10_000).optional(),
  })
  .refine(({ mtu, tooBig }) => tooBig === undefined || mtu !== undefined, 'tooBig is about an mtu: name one')
  .refine(({ rate, queue }) => queue === undefined || rate !== undefined, 'queue is about a rate: name one')
  .refine(
    ({ latencyMs = 0, reordering }) => reordering === undefined || latencyMs > 0,
    'reordering is about a latency: without one nothing can be overtaken',
  );

/** What happens to a connection when it has proved that it carries traffic. */
const hold = z.strictObject({
  /** Nobody sends through the tunnel for so long; then the office speaks first. */
  idleSeconds: z.int().min(1).max(3600).optional(),
  /** A NAT gateway gives all its mappings other ports, and itself this other public address where one is named. Then the client speaks first. */
  rebind: z.strictObject({ box: name, address: ipv4.optional() }).optional(),
});

const node = z.strictObject({
  kind: z.enum(['client', 'responder', 'nat', 'router', 'host']),
  label: z.string(),
  /** Segment name -> the node's address in it, with prefix length. The interface has the segment's name. */
  interfaces: z.record(name, interfaceAddress),
  gateway: ipv4.optional(),
  routes: z.array(z.strictObject({ to: z.cidrv4(), via: ipv4 })).default([]),
  nat: natRules.optional(),
  /** For a router that filters. */
  filter: filterRules.optional(),
});

const variant = z.strictObject({
  summary: z.string(),
  boxes: z.record(name, natRules).default({}),
  filters: z.record(name, filterRules).default({}),
  segments: z.record(name, quality).default({}),
  hold: hold.optional(),
  dial: ipv4.optional(),
});

const shape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  summary: z.string(),
  segments: z.record(
    name,
    z.strictObject({ subnet: z.cidrv4(), public: z.boolean().default(false), quality: quality.optional() }),
  ),
  nodes: z.record(name, node),
  /** The address that a client dials. */
  dial: ipv4,
  /** The node (kind host) in the responder's LAN that traffic is proved against. */
  server: name,
  /** A node (kind host) on a public segment that VPN users browse; only cells which do bring it up. */
  web: name.optional(),
  /** In the order of the drawing, from the client to the server: node, segment, node, ... */
  path: z.array(name).min(3),
  hold: hold.optional(),
  /** Named changes: of boxes (`no-forwards: { office-nat: { forwards: [] } }`), of filters, segments, hold or the dialled address. */
  variants: z.record(name, variant).default({}),
});

export type Topology = z.output<typeof shape>;
export type TopologyNode = Topology['nodes'][string];
export type NatRules = z.output<typeof natRules>;
export type FilterRules = z.output<typeof filterRules>;
export type Permit = z.output<typeof permit>;
export type SegmentQuality = z.output<typeof quality>;
export type Hold = z.output<typeof hold>;

/** Form and sense of a topology file: what is written, and that its parts fit each other. */
export const topologySchema = shape.check((context) => {
  for (const { path, message } of topologyComplaints(context.value)) {
    context.issues.push({ code: 'custom', input: context.value, path: [...path], message });
  }
});
