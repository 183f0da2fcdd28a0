import { readFileSync } from 'node:fs';
import { type Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { CrossnatError } from './error.ts';

/**
 * Reads one YAML data file (topology, profile) and checks it against its schema.
 * Every complaint names file, line and path; nothing of a malformed file is used.
 */
export function readDataFile<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const syntax = document.errors[0];
  if (syntax) throw malformedFile(file, `line ${syntax.linePos?.[0].line ?? '?'}: ${syntax.message}`);
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) => {
    const line = lineOf(document, lines, issue.path);
    return `line ${line}: ${issue.path.join('.') || '(whole file)'}: ${issue.message}`;
  });
  throw malformedFile(file, complaints.join('; '));
}

/** The line of the deepest part of `path` that is in the file. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const keys = path.slice(0, length);
    const found = length === 0 ? document.contents : document.getIn(keys, true);
    const range = rangeOf(found);
    if (range !== undefined) return lines.linePos(range).line;
  }
  return 1;
}

function rangeOf(value: unknown): number | undefined {
  if (isMap(value) || isSeq(value) || (typeof value === 'object' && value !== null && 'range' in value)) {
    return (value as { range?: [number, number, number] | null }).range?.[0];
  }
  return undefined;
}

function malformedFile(file: string, found: string): CrossnatError {
  return new CrossnatError('bad-data', {
    doing: `reading ${file}`,
    found,
    remedy: 'Correct the file; docs/ says what each key means',
  });
}
