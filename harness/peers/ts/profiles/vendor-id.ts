import { join } from 'node:path';
import { z } from 'zod';
import { revisionNumbers } from '../../../../stack/nat-traversal/numbers.ts';
import { readDataFile } from '../../../data-file.ts';
import { suggestion } from '../../../suggestion.ts';
import { confidence } from './marked.ts';

const entry = z.strictObject({
  hex: z.string().regex(/^([0-9a-f]{2}){4,}$/, 'is no vendor id in lower-case hex'),
  /** The text whose MD5 the octets begin with, where one is known. */
  md5Of: z.string().optional(),
  source: z.string().min(1),
  confidence,
});

/** Every vendor id that a profile can name. */
export const vendorIds: Readonly<Record<string, z.output<typeof entry>>> = readDataFile(
  join(import.meta.dirname, 'vendor-ids.yaml'),
  z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), entry),
);

/** For profiles: a vendor id by its name in `vendor-ids.yaml`. */
export const vendorIdName = z.string().superRefine((name, context) => {
  if (Object.hasOwn(vendorIds, name)) return;
  const message = `there is no vendor id ${JSON.stringify(name)}. ${suggestion(name, Object.keys(vendorIds))}`;
  context.addIssue({ code: 'custom', message });
});

/** Ids that announce NAT traversal are not sent by an end that has it switched off (RFC 3947 3.1). */
const announcing = new Set(Object.values(revisionNumbers).map(({ vendorId }) => vendorId));

/** Named vendor ids in the order of the wire, in hex. */
export function vendorIdsOf(names: readonly string[], natTraversal: boolean): string[] {
  return names
    .flatMap((name) => vendorIds[name]?.hex ?? [])
    .filter((hex) => natTraversal || !announcing.has(hex));
}
