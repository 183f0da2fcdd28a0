import { z } from 'zod';
import { recordSchema } from '../../record.ts';
import { summarySchema } from '../../records/summary.ts';

/** What `--json` prints: the run, its records without the canary, and the canary. */
export const runDocumentSchema = z.strictObject({
  summary: summarySchema,
  records: z.array(recordSchema),
  canary: recordSchema.optional(),
});
export type RunDocument = z.infer<typeof runDocumentSchema>;
