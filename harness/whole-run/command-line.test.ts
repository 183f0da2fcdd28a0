import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, type ExpectStatic, test } from 'vitest';
import { runsWithFiles } from '../reaper/run-files.ts';
import { Checkout } from './testing/checkout.ts';
import { runDocumentSchema } from './testing/run-document.ts';

/** What needs no engine: all of it happens before anything is started, or because there is none. */
let checkout: Checkout;
const withoutEngine = { DOCKER_HOST: 'unix:///nonexistent/engine.sock' };
beforeAll(() => {
  checkout = new Checkout();
});
afterAll(() => checkout[Symbol.dispose]());

const run = (...argv: readonly string[]) => checkout.startIn(withoutEngine, ...argv);

/** What was typed, what was found, and what to do. */
const slips: readonly (readonly [readonly string[], string, string])[] = [
  [['tset'], "unknown command 'tset'", 'Did you mean test?'],
  [['test', '--topologi', 'direct'], "unknown option '--topologi'", 'Did you mean --topology?'],
  [['test', '--topology', 'ofice-nat'], 'no topology "ofice-nat"', 'Did you mean office-nat?'],
  [['test', '--grep', 'no-such-cell'], 'no cell matches --grep no-such-cell', 'npm test -- --list shows all'],
  [['test', '--matrix', '--where', 'nat=symetric'], 'has nat=symetric', 'Did you mean symmetric?'],
  [['test', '--repeat', 'twice'], '--repeat twice makes no sense', 'Give a number'],
  [['test', '--cell', 'direct/p2'], 'axis p2 has no readable value', 'Write p2=1-2-3-4'],
  [['test', '--cell', 'direct/pasword=wrong'], 'no axis "pasword"', 'Did you mean password?'],
  [['test', '--cell', 'direct/psk=wrogn'], 'axis psk has no value "wrogn"', 'Did you mean wrong?'],
  [['test', '--cell', 'direct/user=dialin9'], 'no user "dialin9"', 'Did you mean dialin1?'],
  [
    ['test', '--cell', 'direct/client=ts:windows-xp-sp3'],
    'no profile "windows-xp-sp3"',
    'Did you mean windows-xp-sp2?',
  ],
  [
    ['test', '--cell', 'direct/responder=ts:aliedware'],
    'the responder ts:aliedware',
    'Did you mean ts:alliedware?',
  ],
];

test.concurrent.for(slips)('%j is a usage error', async ([argv, found, remedy], { expect }) => {
  const { exitCode, stdout, stderr } = await run(...argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  const [what, ...todo] = stderr.split('\n');
  expect(what).toContain(found);
  expect(todo.join('\n')).toContain(remedy);
  expect(stderr).not.toContain('    at ');
  expectNothingStarted(expect);
});

test.concurrent('--list prints the cells, with --verbose drawn and explained, and starts nothing', async ({
  expect,
}) => {
  const [list, verbose] = await Promise.all([
    run('test', '--list', '--topology', 'office-nat'),
    run('test', '--list', '--verbose', '--topology', 'office-nat'),
  ]);
  expect([list.exitCode, verbose.exitCode, list.stderr, verbose.stderr]).toEqual([0, 0, '', '']);
  expect(list.stdout.split('\n')).toContain('office-nat/psk=wrong');
  expect(verbose.stdout).toContain('198.18.2.0/24');
  expect(verbose.stdout).toMatch(/office-nat\/psk=wrong +stop at phase1: auth-failed +\[PROP-6\]/);
  expectNothingStarted(expect);
});

test.concurrent('a malformed topology file is named with its line, and nothing starts', async ({
  expect,
}) => {
  using own = new Checkout();
  const file = join(own.path, 'topologies', 'direct.yaml');
  writeFileSync(file, 'name: direct\nsummary: [begun\nnodes: {}\n');
  const { exitCode, stdout, stderr } = await own.startIn(withoutEngine, 'test', '--topology', 'direct');
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  const [what, todo, ...more] = stderr.split('\n');
  expect(what).toContain(`${file}: line 3: `);
  expect(todo).toContain('Correct the file');
  expect(more).toEqual([]);
  expect(existsSync(join(own.path, 'results'))).toBe(false);
});

test.concurrent('a NAT kind that contradicts itself is named once, whatever number of cells have it', async ({
  expect,
}) => {
  using own = new Checkout();
  const file = join(own.path, 'topologies', 'nat-kinds', 'symmetric.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/^filtering: .*$/m, 'filtering: endpoint-independent'));
  const argv = ['--fabric', 'embedded', '--matrix', '--where', 'topology=hotel-nat'];
  const { exitCode, stdout, stderr } = await own.start('test', ...argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  const [what, todo, ...more] = stderr.split('\n');
  expect(what).toMatch(/symmetric\.yaml: line \d+: filtering: .*contradicts mapping/);
  expect(todo).toContain('Correct the file');
  expect(more).toEqual([]);
  expect(existsSync(join(own.path, 'results'))).toBe(false);
});

test.concurrent.for(['shell client', 'down', 'doctor'])(
  '%s without an engine says what to type',
  async (line, { expect }) => {
    const { exitCode, all } = await run(...line.split(' '));
    expect(exitCode, all).toBe(3);
    expect(all).toContain('there is no socket');
    expect(all).toContain('Type "npm run engine"');
    expect(all).not.toContain('    at ');
  },
);

// Exit status 0 needs a cell that ran, whatever is allowed.
test.concurrent.for(['--json', '--json --allow-unavailable'])(
  '%s: cells that want containers are unavailable without an engine',
  async (options, { expect }) => {
    using own = new Checkout();
    const argv = ['test', '--fabric', 'docker', '--cell', 'direct', ...options.split(' ')];
    const { exitCode, stdout, stderr } = await own.startIn(withoutEngine, ...argv);
    expect(exitCode, stderr).toBe(3);
    const [firstLine] = stderr.split('\n');
    expect(firstLine).toMatch(/^Cells are unavailable here: .*there is no socket.* Type "npm run engine"/);
    const { summary, records } = runDocumentSchema.parse(JSON.parse(stdout));
    expect(records).toMatchObject([
      { cell: 'direct', verdict: 'unavailable', why: expect.stringContaining('npm run engine') },
    ]);
    expect(summary).toMatchObject({ exitStatus: 3, passed: 0, counts: { unavailable: 1 } });
    expect(own.latestRecords()).toEqual(records);
    expect(runsWithFiles(own.path)).toEqual([]);
  },
);

function expectNothingStarted(expect: ExpectStatic): void {
  expect(existsSync(join(checkout.path, 'results'))).toBe(false);
  expect(runsWithFiles(checkout.path)).toEqual([]);
}
