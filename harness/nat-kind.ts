import { z } from 'zod';

const dependence = z.enum(['endpoint-independent', 'address-dependent', 'address-and-port-dependent']);
export type Dependence = z.output<typeof dependence>;

/** How a NAT behaves, in the words of RFC 4787, and what that leaves open: protocol 50 and IKE. */
export const natKindSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  summary: z.string(),
  source: z.string(),
  /** RFC 4787 4.1: for which destinations an inside address and port keep the same outside port. */
  mapping: dependence,
  /** RFC 4787 5: who may answer through a mapping. */
  filtering: dependence,
  /** RFC 4787 4.2.1: the inside port where it is free, the next one of a counter, or any. */
  ports: z.enum(['preserved', 'sequential', 'random']),
  /** RFC 4787 6 (REQ-9): an inside host reaches another by its outside address. */
  hairpin: z.boolean(),
  /** RFC 4787 4.3 (REQ-5): how long an idle mapping of UDP lives. */
  udpSeconds: z.number().positive(),
  /** RFC 4787 4.3 (REQ-6): what keeps it alive. */
  refresh: z.enum(['outbound', 'either-way']),
  /**
   * Protocol 50, which has no ports: dropped; tracked by its two addresses, as Linux does; or let through for the one
   * inside host that spoke last, as the pass-through of home routers does.
   */
  esp: z.enum(['dropped', 'by-addresses', 'one-host']),
  /** An IKE helper keeps source port 500 for every inside host and tells them apart by cookies. */
  ike: z.enum(['like-any-udp', 'keeps-port-500']),
});

export type NatKind = z.output<typeof natKindSchema>;
