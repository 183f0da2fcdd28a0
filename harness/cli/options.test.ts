import { expect, test } from 'vitest';
import { parseArguments } from './options.ts';
import type { TestOptions } from './test-options.ts';

function testOptions(...argv: string[]): TestOptions {
  const request = parseArguments(['test', ...argv]);
  if (request.command !== 'test') throw new Error(`parsed as ${request.command}`);
  return request.options;
}

test('npm test alone asks for everything, in listed order', () => {
  expect(testOptions()).toMatchObject({ filter: {}, list: false, repeat: 1, shuffle: undefined });
});

test('filters and settings', () => {
  const argv = [
    ...['--topology', 'office-nat', '--grep=p2', '--repeat', '3'],
    ...['--bail', '--keys', '--allow-unavailable', '--attempt-unsupported'],
  ];
  expect(testOptions(...argv)).toMatchObject({
    filter: { topology: 'office-nat', grep: 'p2' },
    repeat: 3,
    bail: true,
    keep: false,
    keys: true,
    allowUnavailable: true,
    attemptUnsupported: true,
  });
});

test('a run plays the gate unless it is asked for more, and help says what there is', () => {
  expect(testOptions().tier).toBe('gate');
  expect(testOptions('--tier', 'nightly')).toMatchObject({ tier: 'nightly', filter: {} });
  expect(parseArguments(['test', '--help'])).toMatchObject({
    text: expect.stringMatching(/--tier <name> +gate, pull-request, nightly.*\(default: "gate"\)/s),
  });
});

test('what an end does wrong is a filter, and the ways to can be asked for', () => {
  expect(testOptions('--impair', 'silent-at:phase2')).toMatchObject({
    filter: { impair: 'silent-at:phase2' },
    listImpairments: false,
    listProfiles: false,
  });
  expect(testOptions('--list-impairments').listImpairments).toBe(true);
  expect(testOptions('--list-profiles').listProfiles).toBe(true);
});

test('a seed is drawn where none is given, and shuffling takes it or its own', () => {
  expect(testOptions().seed).toMatch(/^[0-9a-f]{8}$/);
  expect(testOptions('--seed', '7').seed).toBe('7');
  expect(testOptions('--seed', '7', '--shuffle').shuffle).toBe('7');
  expect(testOptions('--seed', '7', '--shuffle=8')).toMatchObject({ seed: '7', shuffle: '8' });
});

test('the program that a shell runs keeps its own options', () => {
  expect(parseArguments(['shell', 'office-nat', 'ip', '-4', 'addr'])).toEqual({
    command: 'shell',
    node: 'office-nat',
    program: ['ip', '-4', 'addr'],
  });
});

test('help names every exit status, and no arguments give help', () => {
  const help = parseArguments(['test', '--help']);
  expect(help).toMatchObject({ command: 'help', text: expect.stringMatching(/0 .*1 .*2 .*3 .*130 /s) });
  expect(parseArguments([])).toMatchObject({ text: expect.stringContaining('doctor') });
});

test.each([
  [['test', '--topologi', 'x'], "unknown option '--topologi'", 'Did you mean --topology?'],
  [['tets'], "unknown command 'tets'", 'Did you mean test?'],
  [['test', '--topology'], 'argument missing', 'npm test -- --help'],
  [['test', 'office-nat'], 'too many arguments', 'npm test -- --help'],
  [['test', '--repeat', 'x'], '--repeat x', 'Give a number'],
  [['test', '--repeat', '0'], '--repeat 0', 'Give a number'],
  [['test', '--seed', 'a b'], '--seed a b', 'Give letters'],
  [['test', '--verbose'], '--verbose alone', '--list'],
  [['test', '--explain', '809', '--cell', 'direct'], '--explain 809 with --cell', '--cell ID --explain'],
  [['test', '--tier', 'nighty'], 'there is no tier "nighty"', 'Did you mean nightly?'],
  [['test', '--tier', ''], 'there is no tier ""', 'Known: gate, pull-request, nightly'],
  [['shell'], "missing required argument 'node'", 'npm run shell -- --help'],
  [['doctor', '--x'], "unknown option '--x'", 'npm run doctor -- --help'],
])('%j is a usage error', (argv, found, remedy) => {
  expect(() => parseArguments(argv)).toThrow(
    expect.objectContaining({
      code: 'usage',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    }),
  );
});

test('several labs at once go with nothing that is about one of them', () => {
  expect(testOptions().jobs).toBe(1);
  expect(testOptions('--jobs', '2').jobs).toBe(2);
  expect(() => testOptions('--jobs', '0')).toThrow(/--jobs 0 makes no sense/);
  expect(() => testOptions('--jobs', '2', '--pause')).toThrow(/--jobs 2 with --pause makes no sense/);
  expect(() => testOptions('--jobs', '2', '--throughput')).toThrow(/would share what is measured/);
});

test('of a filter that is given twice neither wins silently', () => {
  expect(() => testOptions('--cell', 'direct', '--cell', 'office-nat')).toThrow(
    /--cell direct and --cell office-nat makes no sense/,
  );
  expect(() => testOptions('--topology=direct', '--topology=office-nat')).toThrow(/--where axis=a,b/);
});

test('help shows no default that a person could not type', () => {
  const asked = parseArguments(['test', '--help']);
  expect(asked.command === 'help' ? asked.text : '').toContain('--where <axis=value>');
  expect(asked).toMatchObject({ text: expect.not.stringContaining('[]') });
});
