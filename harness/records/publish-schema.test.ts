import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { publishedSchema, publishedSchemaFile } from './publish-schema.ts';

test('docs/record.schema.json is the schema of the records (else: node harness/records/publish-schema.ts)', () => {
  expect(JSON.parse(readFileSync(publishedSchemaFile, 'utf8'))).toEqual(publishedSchema());
});
