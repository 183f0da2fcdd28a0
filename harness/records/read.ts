import { readFileSync } from 'node:fs';
import { CrossnatError } from '../error.ts';
import { type CellRecord, recordSchema, recordSchemaVersion } from '../record.ts';

/**
 * The records of a `results.jsonl`. A last line without its end is what a killed run was writing, and is left out.
 * Throws a CrossnatError that names the line where the file holds anything else than records of this schema version.
 */
export function readRecords(file: string): CellRecord[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => readRecord(line, `${file}:${index + 1}`));
}

function readRecord(line: string, where: string): CellRecord {
  const value = parsed(line, where);
  const version = (value as { schema?: unknown } | null)?.schema;
  if (version !== recordSchemaVersion) {
    throw unreadable(where, `its schema version is ${String(version)}, not ${recordSchemaVersion}`);
  }
  const result = recordSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw unreadable(where, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a record'}`);
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(where, 'this line is no JSON', 'Take the line out: --resume plays its cell again');
  }
}

function unreadable(
  where: string,
  found: string,
  remedy = 'Read it with the version of crossnat that wrote it, or run the cells again',
): CrossnatError {
  return new CrossnatError('bad-data', { doing: `reading the record ${where}`, found, remedy });
}
