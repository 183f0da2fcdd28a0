import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { recordSchema } from '../record.ts';

/** Where the record's form is published, as JSON Schema, for programs in other languages. */
export const publishedSchemaFile = new URL('../../docs/record.schema.json', import.meta.url);

/** The published form: what a line of `results.jsonl` must hold; keys with a default may be absent. */
export function publishedSchema(): object {
  return { title: 'crossnat cell record', ...z.toJSONSchema(recordSchema, { io: 'input' }) };
}

if (import.meta.main) writeFileSync(publishedSchemaFile, `${JSON.stringify(publishedSchema(), null, 2)}\n`);
