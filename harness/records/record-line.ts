import { type CellRecord, recordSchema } from '../record.ts';

/** A record as a line of `results.jsonl`, without its end; throws a ZodError where it is none of the schema. */
export function recordLine(record: CellRecord): string {
  return JSON.stringify(recordSchema.parse(record));
}
