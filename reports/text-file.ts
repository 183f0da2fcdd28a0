import { readFileSync, writeFileSync } from 'node:fs';
import { CrossnatError } from '../harness/error.ts';
import { cannotWrite } from '../harness/records/cannot-write.ts';

/** The text of a file that a person named. Throws CrossnatError `usage` where it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CrossnatError('usage', {
      doing: `reading ${path}`,
      found: code === 'ENOENT' ? 'there is no such file' : message,
      remedy: 'Name a file that is there: npm run report -- --help says what each command reads',
      cause,
    });
  }
}

/** Replaces a file's text. Throws CrossnatError where it cannot be written. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}
