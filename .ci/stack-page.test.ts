import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stackPageComplaints } from './stack-page.ts';

const root = join(import.meta.dirname, '..');

function readHere(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

test('every row of docs/stack.md names a test that is there, or says why there is none', () => {
  expect(stackPageComplaints(readHere('docs/stack.md') ?? '', readHere)).toEqual([]);
});

const read = (path: string) =>
  path === 'stack/a.test.ts' ? "test('a window of 64', () => {}); test('a; b', () => {})" : undefined;

test.each([
  ['| RFC 1 | MUST | x | `stack/a.test.ts` "a window of 64" |', []],
  ['| RFC 1 | MUST | x | `stack/a.test.ts` "a; b"; `stack/a.test.ts` "a window of 64" |', []],
  ['| RFC 1 | MAY | x | not done: no client of the field asks for it |', []],
  ['| RFC 1 | MUST | x | not done: |', ['line 1: names no test and no reason: not done:']],
  ['| RFC 1 | MUST | x | `stack/a.test.ts` "of 32" |', ['line 1: stack/a.test.ts has no test "of 32"']],
  ['| RFC 1 | MUST | x | `stack/b.test.ts` "of 32" |', ['line 1: there is no stack/b.test.ts']],
  ['| RFC 1 | must | x | not done: y |', ['line 1: "must" is no level']],
  ['| RFC 1 | MUST | not done: y |', ['line 1: 3 columns where there are 4']],
])('%s', (row, complaints) => {
  expect(stackPageComplaints(row, read)).toEqual(complaints);
});
