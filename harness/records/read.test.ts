import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecords } from './read.ts';
import { exampleRecord } from './testing/example-record.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-read-'));
  file = join(folder, 'results.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (changes: Parameters<typeof exampleRecord>[0] = {}) =>
  `${JSON.stringify(exampleRecord(changes))}\n`;

test('an empty file has no records', () => {
  writeFileSync(file, '');
  expect(readRecords(file)).toEqual([]);
});

test('a last line without its end is what a killed run was writing; what is before it is read', () => {
  writeFileSync(file, line() + line({ repeat: 2 }) + line({ repeat: 3 }).slice(0, -30));
  expect(readRecords(file).map(({ repeat }) => repeat)).toEqual([1, 2]);
  // Whole but for its end: it was not on the disk when the run was killed.
  writeFileSync(file, line() + line({ repeat: 2 }).trimEnd());
  expect(readRecords(file)).toHaveLength(1);
});

test.each([
  ['of another schema version', line().replace(/"schema":\d+/, '"schema":99'), 'its schema version is 99'],
  ['no JSON', '{"schema":\n', 'this line is no JSON'],
  ['empty', '\n', 'this line is no JSON'],
  ['no object', 'null\n', 'its schema version is undefined'],
  ['not what the schema says', line().replace('"verdict":"pass"', '"verdict":"good"'), 'verdict: '],
])('a line that is %s is refused by file and number', (_, bad, found) => {
  writeFileSync(file, line() + bad + line());
  expect(() => readRecords(file)).toThrow(
    expect.objectContaining({
      code: 'bad-data',
      doing: `reading the record ${file}:2`,
      found: expect.stringContaining(found),
    }),
  );
});

test('a line that is damaged costs its own cell alone: taken out, the others are read', () => {
  writeFileSync(file, `${line()}{"sch\n${line({ repeat: 3 })}`);
  expect(() => readRecords(file)).toThrow(
    expect.objectContaining({ remedy: 'Take the line out: --resume plays its cell again' }),
  );
  writeFileSync(file, line() + line({ repeat: 3 }));
  expect(readRecords(file).map(({ repeat }) => repeat)).toEqual([1, 3]);
});
