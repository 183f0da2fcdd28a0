import { readFileSync } from 'node:fs';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { CrossnatError } from './error.ts';

/**
 * Reads one YAML data file (topology, profile) and checks it against its schema.
 * Every complaint names file, line and path; nothing of a malformed file is used.
 */
export function readDataFile<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  return parseData(readText(file), file, schema);
}

/** The same for text that has been read already; `file` is for the complaints alone. */
export function parseData<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): z.output<Schema> {
  const lines = new LineCounter();
  // Its pretty errors take several lines and draw the place.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors[0];
  if (syntax) throw malformedFile(file, `line ${lines.linePos(syntax.pos[0]).line}: ${syntax.message}`);
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) => {
    const line = lineOf(document, lines, issue.path);
    return `line ${line}: ${issue.path.join('.') || '(whole file)'}: ${whatIsWrong(issue)}`;
  });
  throw malformedFile(file, complaints.join('; '));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw malformedFile(file, cause instanceof Error ? cause.message : String(cause));
  }
}

/** zod keeps the rule that a key broke inside its issue "invalid key". */
function whatIsWrong(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;
}

/** The line of the deepest part of `path` that is in the file. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const found = document.getIn(path.slice(0, length), true);
    if (isNode(found) && found.range) return lines.linePos(found.range[0]).line;
  }
  return 1;
}

function malformedFile(file: string, found: string): CrossnatError {
  return new CrossnatError('bad-data', {
    doing: `reading ${file}`,
    found,
    remedy: 'Correct the file; docs/ says what each key means',
  });
}
