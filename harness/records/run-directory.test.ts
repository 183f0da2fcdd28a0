import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecords } from './read.ts';
import { RunDirectory, safeName } from './run-directory.ts';
import { exampleRecord } from './testing/example-record.ts';

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'crossnat-results-'));
});
afterEach(() => rmSync(results, { recursive: true }));

test('records are read back as they were written, while the run is still open', () => {
  const run = new RunDirectory(results, 'run-1');
  const records = [exampleRecord(), exampleRecord({ verdict: 'broken', why: 'the responder died' })];
  for (const record of records) run.append(record);
  expect(readRecords(run.resultsFile)).toEqual(records);
  run.close();
});

test('latest is the last run', () => {
  const first = new RunDirectory(results, 'run-1');
  const second = new RunDirectory(results, 'run-2');
  expect(readlinkSync(join(results, 'latest'))).toBe(second.run);
  first.close();
  second.close();
});

test('a record that is not of the schema is refused and writes nothing', () => {
  const run = new RunDirectory(results, 'run-1');
  expect(() => run.append({ ...exampleRecord(), repeat: 0.5 })).toThrow();
  expect(readFileSync(run.resultsFile, 'utf8')).toBe('');
  run.close();
});

test('a run never writes into the directory of another', () => {
  new RunDirectory(results, 'run-1').close();
  expect(() => new RunDirectory(results, 'run-1')).toThrow(expect.objectContaining({ code: 'broken' }));
});

test('a results path that is a file is one clear error', () => {
  const file = join(results, 'file');
  writeFileSync(file, '');
  expect(() => new RunDirectory(file, 'run-1')).toThrow(expect.objectContaining({ code: 'broken' }));
});

test('the line that a killed run was writing is left out', () => {
  const file = join(results, 'torn.jsonl');
  writeFileSync(file, `${JSON.stringify(exampleRecord())}\n{"schema":1,"run"`);
  expect(readRecords(file)).toEqual([exampleRecord()]);
});

test.each([
  ['{"schema":99}', 'its schema version is 99, not 2'],
  ['null', 'its schema version is undefined, not 2'],
  ['not json', 'this line is no JSON'],
  [JSON.stringify({ ...exampleRecord(), verdict: 'green' }), 'verdict'],
])('%s is refused with its line', (line, found) => {
  const file = join(results, 'bad.jsonl');
  writeFileSync(file, `${JSON.stringify(exampleRecord())}\n${line}\n`);
  expect(() => readRecords(file)).toThrow(
    expect.objectContaining({
      doing: expect.stringContaining('bad.jsonl:2'),
      found: expect.stringContaining(found),
    }),
  );
});

test('a run is resumed where it stopped: whole records stay, and the line that was being written goes', () => {
  const first = new RunDirectory(results, 'run-1');
  first.append(exampleRecord());
  first.close();
  writeFileSync(first.resultsFile, `${readFileSync(first.resultsFile, 'utf8')}{"schema":2,"run"`);
  const again = new RunDirectory(results, 'run-1', 'resumed');
  again.append(exampleRecord({ cell: 'direct' }));
  again.close();
  expect(readRecords(again.resultsFile).map(({ cell }) => cell)).toEqual(['office-nat', 'direct']);
});

test('a cell id becomes one path component', () => {
  expect(safeName('office-nat/client=ts:windows-11/p1=a+b')).toBe('office-nat,client=ts.windows-11,p1=a+b');
  expect(safeName('../x')).not.toContain('/');
});
