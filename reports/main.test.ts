import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordingText } from './recording.ts';
import { exampleCell, exampleRecording } from './testing/example-recording.ts';

let folder: string;
let recorded: string;
let page: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-report-'));
  recorded = join(folder, 'recorded.jsonl');
  page = join(folder, 'page.md');
  writeFileSync(recorded, recordingText(exampleRecording([exampleCell('direct/client=strongswan')])));
  writeFileSync(page, 'above\n<!-- pairs:begin -->\nold\n<!-- pairs:end -->\nbelow\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const report = (...argv: string[]) =>
  execa(process.execPath, [join(import.meta.dirname, 'main.ts'), ...argv], {
    reject: false,
    env: { NO_COLOR: '1', NODE_OPTIONS: '' },
  });

test('a report goes to standard output, or between the markers of a file', async () => {
  const { stdout, exitCode } = await report('pairs', recorded);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('✓ connects') });
  expect(await report('pairs', recorded, '--write', page)).toMatchObject({ exitCode: 0, stdout: '' });
  expect(readFileSync(page, 'utf8')).toBe(
    `above\n<!-- pairs:begin -->\n${stdout}\n<!-- pairs:end -->\nbelow\n`,
  );
});

test('a file that says anything else is found out, and what to type is said', async () => {
  const before = readFileSync(page, 'utf8');
  const { exitCode, stderr } = await report('pairs', recorded, '--check', page);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`npm run report -- pairs ${recorded} --write ${page}`);
  expect(readFileSync(page, 'utf8')).toBe(before);
  await report('pairs', recorded, '--write', page);
  expect(await report('pairs', recorded, '--check', page)).toMatchObject({ exitCode: 0, stderr: '' });
});

test('the small form of the small form is itself', async () => {
  const copy = join(folder, 'copy.jsonl');
  expect(await report('condense', recorded, '--write', copy)).toMatchObject({ exitCode: 0, stdout: '' });
  expect(readFileSync(copy, 'utf8')).toBe(readFileSync(recorded, 'utf8'));
});

test('--help says what it reads and writes', async () => {
  const { stdout, exitCode } = await report('--help');
  expect(exitCode).toBe(0);
  for (const word of ['pairs', 'times', 'condense', 'results/latest', '--check'])
    expect(stdout).toContain(word);
});

test.each([
  [['pars', 'x'], 2, 'Did you mean pairs?'],
  [['pairs'], 2, 'missing required argument'],
  [['pairs', 'x', '--chek', 'y'], 2, 'Did you mean --check?'],
  [['pairs', 'x', '--check', 'y', '--write', 'y'], 2, 'Give one of them'],
  [['pairs', 'no/such/run'], 2, 'there is no such file'],
  [['times', import.meta.filename], 3, 'main.test.ts:1'],
])('%j ends with %i and one clear message', async (argv, status, message) => {
  const { stdout, stderr, exitCode } = await report(...argv);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: status });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a file without the markers is said so', async () => {
  const { exitCode, stderr } = await report('times', recorded, '--write', page);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('<!-- times:begin -->');
});
