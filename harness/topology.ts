import { z } from 'zod';
import { topologyComplaints } from './topology-check.ts';

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
});

const node = z.strictObject({
  kind: z.enum(['client', 'responder', 'nat', 'router', 'host']),
  label: z.string(),
  /** Segment name -> the node's address in it, with prefix length. The interface has the segment's name. */
  interfaces: z.record(name, interfaceAddress),
  gateway: ipv4.optional(),
  routes: z.array(z.strictObject({ to: z.cidrv4(), via: ipv4 })).default([]),
  nat: natRules.optional(),
});

const shape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  summary: z.string(),
  segments: z.record(name, z.strictObject({ subnet: z.cidrv4(), public: z.boolean().default(false) })),
  nodes: z.record(name, node),
  /** The address that a client dials. */
  dial: ipv4,
  /** The node (kind host) in the responder's LAN that traffic is proved against. */
  server: name,
  /** In the order of the drawing, from the client to the server: node, segment, node, ... */
  path: z.array(name).min(3),
  /** Named changes of a box: `no-forwards: { office-nat: { forwards: [] } }`. */
  variants: z
    .record(name, z.strictObject({ summary: z.string(), boxes: z.record(name, natRules) }))
    .default({}),
});

export type Topology = z.output<typeof shape>;
export type TopologyNode = Topology['nodes'][string];
export type NatRules = z.output<typeof natRules>;

/** Form and sense of a topology file: what is written, and that its parts fit each other. */
export const topologySchema = shape.check((context) => {
  for (const { path, message } of topologyComplaints(context.value)) {
    context.issues.push({ code: 'custom', input: context.value, path: [...path], message });
  }
});
