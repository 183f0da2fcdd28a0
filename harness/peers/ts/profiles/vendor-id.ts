import { z } from 'zod';

/** Vendor ids that announce NAT traversal: they are not sent by an end that has it switched off (RFC 3947 3.1). */
const natTraversalIds = [
  '4a131c81070358455c5728f20e95452f', // RFC 3947
  'cd60464335df21f87cfdb2fc68b6a448', // draft 02
  '90cb80913ebb696e086381b5ec427b1f', // draft 02 with the line feed that Windows sends
];

export const vendorIdSchema = z.strictObject({ name: z.string(), hex: z.string().regex(/^([0-9a-f]{2})+$/) });

/** Vendor ids in the order of the wire, in hex. */
export function vendorIdsOf(
  ids: readonly z.output<typeof vendorIdSchema>[],
  natTraversal: boolean,
): string[] {
  return ids.map((id) => id.hex).filter((hex) => natTraversal || !natTraversalIds.includes(hex));
}
