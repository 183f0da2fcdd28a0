import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecords } from '../records/read.ts';
import { summarySchema } from '../records/summary.ts';

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'crossnat-results-'));
});
afterEach(() => rmSync(results, { recursive: true }));

const start = join(import.meta.dirname, '..', 'start.mjs');
const crossnat = (...argv: string[]) =>
  execa(process.execPath, [start, ...argv], {
    reject: false,
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', NO_COLOR: '1', NODE_OPTIONS: '' },
  });

test('--list prints one id a line and plays nothing', async () => {
  const { stdout, stderr, exitCode } = await crossnat('test', '--list', '--topology', 'office-nat');
  expect(stdout.split('\n').slice(0, 2)).toEqual(['office-nat', 'office-nat/p2=1']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
});

test('--list --verbose draws the topology and names the rules', async () => {
  const { stdout } = await crossnat('test', '--list', '--verbose', '--cell', 'office-nat/psk=wrong');
  expect(stdout).toContain('[office-nat]');
  // PROP-6 of the rule table: wrong pre-shared key.
  expect(stdout).toMatch(/office-nat\/psk=wrong +stop at phase1: auth-failed +\[PROP-6\]/);
});

test.each([
  [['test', '--topology', 'ofice-nat'], 'Did you mean office-nat?'],
  [['test', '--topologi', 'office-nat'], 'Did you mean --topology?'],
  [['test', '--cell', 'office-nat/rul=1'], 'Did you mean rule?'],
  [['test', '--grep', 'nothing-like-this'], 'no cell matches --grep nothing-like-this'],
  [['test', '--tier', 'nighty'], 'Did you mean nightly?'],
  [
    ['test', '--topology', 'both-nat', '--client', 'strongswan'],
    'npm test -- --topology both-nat --client strongswan --tier nightly plays them',
  ],
])('%j ends with 2, one clear message and no stack', async (argv, message) => {
  const { stdout, stderr, exitCode } = await crossnat(...argv);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('without an engine the first line says so and what to type, and our own stack plays in this process', async () => {
  const both = '^direct(/responder=strongswan)?$';
  const { stdout, exitCode } = await crossnat('test', '--grep', both, '--results', results);
  const [first] = stdout.split('\n');
  expect(first).toMatch(/No containers: .*Playing in this process instead.*npm run engine/);
  // Nobody asked for containers: what needs them is counted and fails nobody.
  expect(exitCode).toBe(0);
  const records = readRecords(join(results, 'latest', 'results.jsonl'));
  expect(records.map(({ cell, fabric, verdict, canary }) => ({ cell, fabric, verdict, canary }))).toEqual([
    { cell: 'direct', fabric: 'embedded', verdict: 'pass', canary: false },
    { cell: 'direct/responder=strongswan', fabric: 'embedded', verdict: 'unavailable', canary: false },
    { cell: 'direct/psk=wrong', fabric: 'embedded', verdict: 'fail', canary: true },
  ]);
});

test('containers that were asked for and cannot be had make every cell unavailable', async () => {
  const docker = ['--fabric', 'docker', '--topology', 'direct', '--results', results];
  const { stdout, exitCode } = await crossnat('test', ...docker);
  const [first] = stdout.split('\n');
  expect(first).toMatch(/unavailable.*npm run engine/);
  expect(exitCode).toBe(3);
  const records = readRecords(join(results, 'latest', 'results.jsonl'));
  expect(records.length).toBeGreaterThan(5);
  expect(new Set(records.map(({ verdict }) => verdict))).toEqual(new Set(['unavailable']));
  const summary = summarySchema.parse(
    JSON.parse(readFileSync(join(results, 'latest', 'summary.json'), 'utf8')),
  );
  expect(summary).toMatchObject({ passed: 0, failed: 0, exitStatus: 3, interrupted: false });
  expect(summary.counts.unavailable + summary.disputed.unavailable).toBe(records.length);
});

test('--json leaves nothing but one document on standard output', async () => {
  const { stdout } = await crossnat('test', '--cell', 'direct', '--json', '--results', results);
  expect(JSON.parse(stdout)).toMatchObject({ summary: { notRun: 0 }, records: [{ cell: 'direct' }] });
});

test('a results directory that cannot be written is one clear message', async () => {
  const { stderr, exitCode } = await crossnat('test', '--cell', 'direct', '--results', join(start, 'here'));
  expect(exitCode).toBe(3);
  expect(stderr).toContain('a part of the path is a file');
  expect(stderr).not.toMatch(/^\s+at /m);
});

/** As `| head` does, before the first line. */
async function unread(...argv: string[]) {
  const child = crossnat(...argv);
  child.stdout.destroy();
  const { exitCode, stderr } = await child;
  return { exitCode, stderr };
}

test('a list that nobody reads to its end ends without a word', async () => {
  expect(await unread('test', '--list', '--tier', 'nightly')).toEqual({ exitCode: 0, stderr: '' });
});

test('a run whose output nobody reads any more ends as if it was interrupted, and is resumed as it was begun', async () => {
  const both = '^direct(/responder=strongswan)?$';
  const { exitCode, stderr } = await unread('test', '--grep', both, '--repeat', '5', '--results', results);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 130,
    stderr: 'Nobody reads the output any more: cleaning up. What was finished is recorded.',
  });
  const summary = () =>
    summarySchema.parse(JSON.parse(readFileSync(join(results, 'latest', 'summary.json'), 'utf8')));
  expect(summary().interrupted).toBe(true);
  expect(summary().notRun).toBeGreaterThan(0);
  // Nobody asked for containers, and nobody does now: what needs them fails nobody.
  const resumed = await crossnat('test', '--resume', 'latest', '--results', results);
  expect(resumed.exitCode, resumed.stdout).toBe(0);
  expect(summary()).toMatchObject({ interrupted: false, notRun: 0, counts: { pass: 5, unavailable: 5 } });
});
