import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joined, type Recording, readRecording, recordingText } from './recording.ts';
import { exampleCell, exampleRun } from './testing/example-recording.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const recording: Recording = {
  runs: [exampleRun()],
  labs: [{ line: 'lab', run: 'run-1', lab: 'abcde', topology: 'direct', upMs: 1000, downMs: 200 }],
  cells: [
    exampleCell('direct', { lab: 'abcde', reached: 'traffic', connectMs: 20, cellMs: 1100, flaky: true }),
  ],
};

test('reading is the inverse of writing, one value a line', () => {
  const file = join(folder, 'a.jsonl');
  writeFileSync(file, recordingText(recording));
  expect(recordingText(recording).trim().split('\n')).toHaveLength(3);
  expect(readRecording(file)).toEqual(recording);
});

test.each<[object | string, string]>([
  ['no json', 'this line is no JSON'],
  [{ ...exampleRun(), form: 9 }, 'its form is 9, not 1'],
  [{ line: 'peer' }, 'line: '],
  ['null', 'the line: '],
  [{ ...exampleCell('direct'), verdict: 'green' }, 'verdict: '],
  [{ ...exampleCell('direct'), more: 1 }, 'more'],
])('%j is refused with its place', (line, found) => {
  const file = join(folder, 'bad.jsonl');
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  writeFileSync(file, `${JSON.stringify(exampleRun())}\n${text}\n`);
  expect(() => readRecording(file)).toThrow(
    expect.objectContaining({
      code: 'bad-data',
      doing: expect.stringContaining('bad.jsonl:2'),
      found: expect.stringContaining(found),
    }),
  );
});

test('a file that is not there is said so', () => {
  expect(() => readRecording(join(folder, 'none.jsonl'))).toThrow(
    expect.objectContaining({ code: 'usage', found: 'there is no such file' }),
  );
});

test('several are joined, but no run counts twice', () => {
  const other: Recording = { runs: [exampleRun({ run: 'run-2' })], labs: [], cells: [exampleCell('direct')] };
  expect(joined([recording, other])).toMatchObject({
    runs: [{ run: 'run-1' }, { run: 'run-2' }],
    cells: [{}, {}],
  });
  expect(() => joined([recording, other, recording])).toThrow(
    expect.objectContaining({ code: 'usage', found: 'the run run-1 is among them twice' }),
  );
});
