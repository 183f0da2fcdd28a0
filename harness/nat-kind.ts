import { z } from 'zod';

const dependence = z.enum(['endpoint-independent', 'address-dependent', 'address-and-port-dependent']);
export type Dependence = z.output<typeof dependence>;

const shape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  summary: z.string(),
  /** Where it is written that NATs behave so. */
  source: z.string(),
  /** Verified in a source, derived from one, or recalled. */
  confidence: z.enum(['V', 'D', 'R']),
  /** RFC 4787 4.1: for which destinations an inside address and port keep the same outside port. */
  mapping: dependence,
  /** RFC 4787 5: who may answer through a mapping. */
  filtering: dependence,
  /** RFC 4787 4.2.1: the inside port where it is free, the next one of a counter, or any. */
  ports: z.enum(['preserved', 'sequential', 'random']),
  /** RFC 4787 6 (REQ-9): an inside host reaches another by its outside address. */
  hairpin: z.boolean(),
  /** RFC 4787 4.3 (REQ-5): how long an idle mapping of UDP lives. */
  udpSeconds: z.int().min(1).max(86_400),
  /** RFC 4787 4.3 (REQ-6): what keeps it alive. */
  refresh: z.enum(['outbound', 'either-way']),
  /**
   * Protocol 50, which has no ports: dropped; let out while nothing comes back; tracked by its two addresses, as
   * Linux does; or let through for the one inside host that spoke last, as the pass-through of home routers does.
   */
  esp: z.enum(['dropped', 'out-only', 'by-addresses', 'one-host']),
  /** An IKE helper keeps source port 500 for every inside host and tells them apart by cookies. */
  ike: z.enum(['like-any-udp', 'keeps-port-500']),
  /** RFC 4787 11 (REQ-14): fragments are put together before they are translated, or dropped, all of them. */
  fragments: z.enum(['forwarded', 'dropped']),
});

/** How a NAT behaves, in the words of RFC 4787, and what that leaves open: protocol 50 and IKE. */
export type NatKind = z.output<typeof shape>;

/** Form and sense of a kind's file. */
export const natKindSchema = shape.check((context) => {
  for (const { property, message } of contradictions(context.value)) {
    context.issues.push({ code: 'custom', input: context.value, path: [property], message });
  }
});

/** Properties that no NAT can have together. */
function* contradictions(kind: NatKind): Generator<{ property: keyof NatKind; message: string }> {
  const { mapping, filtering, esp, ike } = kind;
  if (mapping === 'address-and-port-dependent' && filtering !== mapping) {
    const message = `filtering that is ${filtering} contradicts mapping that is ${mapping}: inside hosts may share an outside port then, and only the remote address and port tell whose an answer is`;
    yield { property: 'filtering', message };
  }
  if (ike === 'keeps-port-500' && esp === 'dropped') {
    const message =
      'keeps-port-500 contradicts esp: dropped: an IKE helper is there for IPsec without NAT traversal, whose ESP would not pass';
    yield { property: 'ike', message };
  }
}
