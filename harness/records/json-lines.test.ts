import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonLines } from './json-lines.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'crossnat-lines-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('each value is one line, there as soon as append returns', () => {
  const file = new JsonLines(join(directory, 'a.jsonl'));
  file.append({ n: 1 });
  expect(readFileSync(file.path, 'utf8')).toBe('{"n":1}\n');
  file.append({ text: 'two\nlines' });
  expect(readFileSync(file.path, 'utf8')).toBe('{"n":1}\n{"text":"two\\nlines"}\n');
  file.close();
});

test('what stood in the file stays', () => {
  const path = join(directory, 'a.jsonl');
  writeFileSync(path, '{"n":0}\n');
  const file = new JsonLines(path);
  file.append({ n: 1 });
  file.close();
  expect(readFileSync(path, 'utf8')).toBe('{"n":0}\n{"n":1}\n');
});

test('a place that cannot be written is said so, with what to do', () => {
  writeFileSync(join(directory, 'file'), '');
  expect(() => new JsonLines(join(directory, 'file', 'a.jsonl'))).toThrow(
    expect.objectContaining({ code: 'broken', found: 'a part of the path is a file' }),
  );
});

test.skipIf(!existsSync('/dev/full'))('a full disk is one clear error', () => {
  const file = new JsonLines('/dev/full');
  expect(() => file.append({ n: 1 })).toThrow(
    expect.objectContaining({
      found: 'the disk is full',
      remedy: expect.stringContaining('Free some space'),
    }),
  );
  file.close();
});
