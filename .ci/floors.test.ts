import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { breaches, importsOf, trackedFiles } from './floors.ts';

const dependencies = ['commander', 'koffi', 'zod'];
const top = join(import.meta.dirname, '..');

/** What is said of one file that holds this text, beside files that hold nothing. */
function said(path: string, text: string): string[] {
  return breaches([{ path, text }], dependencies);
}

test('the project keeps its own floors', () => {
  const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
  const files = trackedFiles(top);
  expect(files.length).toBeGreaterThan(100);
  expect(breaches(files, Object.keys(manifest.dependencies))).toEqual([]);
});

const forbidden: readonly (readonly [path: string, text: string, complaint: string])[] = [
  [
    'stack/ike/main-mode.ts',
    `import { cell } from '../../harness/cell.ts';`,
    'harness/cell.ts, which is above it',
  ],
  ['stack/ike/main-mode.test.ts', `import type { Cell } from '../../harness/cell.ts';`, 'which is above it'],
  ['harness/cell.ts', `export { x } from '../suites/office.ts';`, 'suites/office.ts, which is above it'],
  [
    'harness/runner/x.ts',
    `const x = await import('../../reports/junit.ts');`,
    'reports/junit.ts, which is above it',
  ],
  ['suites/x.test.ts', `import '../reports/junit.ts';`, 'which is above it'],
  ['harness/x.ts', `import {\n  floors,\n} from '../.ci/floors.ts';`, '.ci/floors.ts, which is above it'],
  ['harness/x.ts', `import { y } from '../../elsewhere/y.ts';`, 'outside the project'],
  ['stack/ike/x.ts', `import { now } from '../host/clock.ts';`, 'the engines do without the host'],
  ['stack/ike/x.ts', `import { createSocket } from 'node:dgram';`, 'node:dgram: engines are sans-IO'],
  ['stack/ike/x.ts', `import net from 'net';`, 'net: engines are sans-IO'],
  ['stack/ike/x.ts', `import { setTimeout } from 'node:timers/promises';`, 'engines are sans-IO'],
  ['stack/ppp/x.ts', `import koffi from 'koffi';`, 'koffi: engines are sans-IO'],
  ['stack/ppp/x.ts', `import { z } from 'zod';`, 'zod: engines are sans-IO'],
  [
    'stack/ike/x.ts',
    `import { createHmac, randomBytes } from 'node:crypto';`,
    'imports randomBytes of node:crypto',
  ],
  [
    'stack/ike/x.ts',
    `import {\n  createHmac,\n  scrypt,\n} from 'node:crypto';`,
    'imports scrypt of node:crypto',
  ],
  ['stack/host/tun.ts', `import { z } from 'zod';`, 'the stack depends on nothing but koffi'],
  ['harness/x.ts', `import { x } from 'left-pad/y.js';`, 'which an installed crossnat does not have'],
  ['harness/x.ts', `import { x } from '@scope/name/y';`, 'imports @scope/name/y, which an installed'],
  [
    'stack/ike/x.ts',
    `import { pair } from './testing/pair.ts';`,
    'stack/ike/testing/pair.ts, which is for tests alone',
  ],
  ['harness/runner/x.ts', `import { main } from '../cli/main.ts';`, 'only the entry point may'],
  ['harness/fabric/docker/x.ts', `import { run } from '../../runner/runner.ts';`, 'which it must not know'],
  ['harness/peers/ts/x.ts', `import { lab } from '../../fabric/docker/lab.ts';`, 'which it must not know'],
  [
    'harness/oracle/x.ts',
    `import { numbers } from '../../stack/nat-traversal/numbers.ts';`,
    'which the oracle judges',
  ],
  ['harness/oracle/x.ts', `import type { Lab } from '../fabric/fabric.ts';`, 'which the oracle judges'],
  ['harness/oracle/x.test.ts', `import type { Peer } from '../peers/peer.ts';`, 'which the oracle judges'],
];

test.each(forbidden)('in %s: no to %s', (path, text, complaint) => {
  expect(said(path, text)).toEqual([expect.stringContaining(complaint)]);
});

test('the oracle may not read what it judges through another file either', () => {
  const files = [
    { path: 'harness/oracle/rules.ts', text: `import type { Cell } from '../cell.ts';` },
    { path: 'harness/cell.ts', text: `import type { Ipv4 } from '../stack/address.ts';` },
  ];
  expect(breaches(files, dependencies)).toEqual([
    'harness/oracle/rules.ts -> harness/cell.ts: reads stack/address.ts, which the oracle judges',
  ]);
});

const allowed: readonly (readonly [path: string, text: string])[] = [
  ['harness/x.ts', `import { ipv4ToBytes } from '../stack/address.ts';`],
  ['stack/host/udp.ts', `import { createSocket } from 'node:dgram';\nimport koffi from 'koffi';`],
  [
    'stack/ike/x.test.ts',
    `import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';\nimport { test } from 'vitest';`,
  ],
  ['stack/ike/testing/pair.ts', `import { expect } from 'vitest';`],
  ['stack/ike/x.test.ts', `import { pair } from './testing/pair.ts';`],
  ['stack/ike/x.ts', `import { createHmac, timingSafeEqual } from 'node:crypto';`],
  ['harness/start.ts', `import { main } from './cli/main.ts';`],
  ['bench/x.ts', `import { openSession } from '../harness/cli/session.ts';`],
  [
    'harness/x.ts',
    `import { z } from 'zod/v4';\nimport { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';`,
  ],
  ['suites/x.test.ts', `import { cell } from '../harness/cell.ts';`],
];

test.each(allowed)('in %s: yes to %s', (path, text) => {
  expect(said(path, text)).toEqual([]);
});

test('finds imports in every form they are written in', () => {
  const text = [
    `import a from './a.ts';`,
    `import type { B } from './b.ts';`,
    `import {\n  c,\n  type D,\n} from './c.ts';`,
    `export { e } from './e.ts';`,
    `export * from './f.ts';`,
    `import './g.ts';`,
    `  const h = await import('./h.ts');`,
    `export const text = "import x from './not-one.ts'";`,
  ].join('\n');
  const found = importsOf({ path: 'harness/x.ts', text }).map(({ file }) => file);
  expect(found).toEqual(['a', 'b', 'c', 'e', 'f', 'g', 'h'].map((name) => `harness/${name}.ts`));
});

test('the linter keeps clock, randomness, promises and output out of the engines, and only there', async () => {
  const words = [
    'new Date()',
    'setTimeout(() => {}, 1)',
    'console.log(1)',
    'process.pid',
    'Promise.resolve()',
  ];
  const folder = mkdtempSync(join(tmpdir(), 'crossnat-lint-'));
  try {
    cpSync(join(top, 'biome.json'), join(folder, 'biome.json'));
    for (const room of ['ike', 'host']) {
      mkdirSync(join(folder, 'stack', room), { recursive: true });
      const lines = words.map((word, index) => `export const x${index} = ${word};\n`);
      writeFileSync(join(folder, 'stack', room, 'x.ts'), lines.join(''));
    }
    const lint = (room: string) =>
      execa('biome', ['lint', '--vcs-enabled=false', '--reporter=github', join('stack', room)], {
        cwd: folder,
        preferLocal: true,
        localDir: top,
        reject: false,
      });
    const breachesIn = async (room: string) =>
      (await lint(room)).stdout.match(/noRestrictedGlobals/g)?.length ?? 0;
    expect(await breachesIn('ike')).toBe(words.length);
    expect(await breachesIn('host')).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
