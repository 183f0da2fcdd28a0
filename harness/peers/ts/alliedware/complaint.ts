import { CrossnatError } from '../../../error.ts';

/** Where in a script something stands: the line's number from 1, and the line as it was typed. */
export interface Place {
  readonly line: number;
  readonly text: string;
}

export interface Complaint extends Place {
  readonly reason: string;
}

/** The text of a script line without its secrets: what stands after `password=`, `value=`, `secret=`, abbreviated or not. */
export function redact(text: string): string {
  return text.replace(/\b(pas?s?\w*|val?u?e?|secret)=("[^"]*"?|<[^>]*>?|\S+)/gi, '$1=***');
}

/** One error for all complaints of a script, in the order of its lines. Nothing of such a script takes effect. */
export function badScript(complaints: readonly Complaint[]): CrossnatError {
  const inOrder = [...complaints].sort((a, b) => a.line - b.line);
  const found = inOrder.map(({ line, text, reason }) => `line ${line}: ${reason} (${redact(text.trim())})`);
  return new CrossnatError('bad-data', {
    doing: 'reading the AlliedWare script',
    found: found.join('; '),
    remedy: 'Correct the script; docs/alliedware.md says which commands are understood',
  });
}
