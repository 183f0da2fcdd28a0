import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * What `npm pack` makes of this checkout, installed: the tarball unpacked, and beside it exactly the packages that
 * the lock file lists as its dependencies, taken from this checkout so that no network is needed. The package is
 * built in a copy, so that runs beside this one do not meet in `dist/`.
 */
const top = join(import.meta.dirname, '..');
let folder: string;
let installed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-pack-'));
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: await copyOfCheckout(),
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  installed = join(folder, 'node_modules', 'crossnat');
  mkdirSync(installed, { recursive: true });
  await execa('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1']);
  const lock = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8'));
  for (const [path, { dev }] of Object.entries<{ dev?: boolean }>(lock.packages)) {
    if (dev || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(top, path), join(folder, path));
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function copyOfCheckout(): Promise<string> {
  const copy = join(folder, 'checkout');
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: top,
  });
  for (const path of new Set(stdout.split('\n'))) {
    if (existsSync(join(top, path))) cpSync(join(top, path), join(copy, path));
  }
  symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function crossnat(...args: string[]) {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  return execa(process.execPath, [join(installed, bin.crossnat), ...args], { cwd: folder, reject: false });
}

test('the installed program says what it does', async () => {
  const { exitCode, stdout } = await crossnat('--help');
  expect(stdout).toContain('Does this L2TP/IPsec client reach this responder through these NATs');
  expect(exitCode).toBe(0);
});

test('a flag that it does not know is a usage error there too', async () => {
  const { exitCode, stderr } = await crossnat('test', '--topolgy', 'office-nat');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--topology');
});

test('the installed program lists the cells that the checkout lists', async () => {
  const here = await execa(process.execPath, [join(top, 'harness', 'start.mjs'), 'test', '--list']);
  const there = await crossnat('test', '--list');
  expect(there.stdout).toContain('office-nat');
  expect(there.stdout).toBe(here.stdout);
  expect(there.exitCode).toBe(0);
});

test("the stack is for other people's programs, one subpath per file", async () => {
  const program = `
    import { ipv4ToBytes } from 'crossnat/stack/address';
    console.log(ipv4ToBytes('192.168.8.50').join());
  `;
  const run = (text: string) =>
    execa(process.execPath, ['--input-type=module', '--eval', text], { cwd: folder, reject: false });
  expect((await run(program)).stdout).toBe('192,168,8,50');
  expect((await run(`import 'crossnat/harness/cell'`)).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('no test, source or capture is in the package', async () => {
  const { stdout } = await execa('find', [installed, '-type', 'f']);
  const files = stdout.split('\n').map((path) => path.slice(installed.length + 1));
  expect(files).toContain('LICENSE');
  expect(files).toContain('dist/topologies/office-nat.yaml');
  expect(files).toContain('dist/images/box/Dockerfile');
  expect(files.filter((path) => /\.test\.|\.pcap$/.test(path) && !path.startsWith('dist/suites/'))).toEqual(
    [],
  );
  expect(files.filter((path) => /(?<!\.d)\.ts$|\/testing\//.test(path))).toEqual([]);
});
