import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { CrossnatError } from '../error.ts';
import { suggestion } from '../suggestion.ts';
import type { CellFilter } from './select.ts';
import {
  addSelectionOptions,
  type Given,
  type SelectionOptions,
  selectionOptions,
  wheresOf,
} from './selection-options.ts';
import { defaultTier, type Tier, tierNamed, tiers } from './tier.ts';

/** What was asked of `npm test`. */
export interface TestOptions extends SelectionOptions {
  readonly filter: CellFilter;
  /** Of this tier, and of those before it. */
  readonly tier: Tier;
  /** What carries the topologies; `auto`: containers where an engine is reachable. */
  readonly fabric: FabricChoice;
  readonly list: boolean;
  /** Only names what can be given to `--impair`. */
  readonly listImpairments: boolean;
  readonly listProfiles: boolean;
  /** With `list`: the rules of the table instead of the cells, with the cells that show them. */
  readonly rules: boolean;
  /** What to explain in the place of playing; `true`: the cell that is named. */
  readonly explain: string | true | undefined;
  readonly verbose: boolean;
  readonly repeat: number;
  readonly keep: boolean;
  /** Labs that stand at once. */
  readonly jobs: number;
  readonly bail: boolean;
  /** Wait after a cell that is not as expected, with everything up. */
  readonly pause: boolean;
  readonly json: boolean;
  readonly throughput: boolean;
  readonly keys: boolean;
  readonly attemptUnsupported: boolean;
  readonly allowUnavailable: boolean;
  /** Directory in which the run makes its own; relative to the checkout. */
  readonly results: string;
  readonly seed: string;
  /** Seed of the order; absent: listed order. */
  readonly shuffle: string | undefined;
}

const fabricChoices = ['auto', 'docker', 'embedded'] as const;
export type FabricChoice = (typeof fabricChoices)[number];

const statuses = `
Exit status:
  0    something ran, and every cell is pass or declared unsupported
  1    a cell or a test failed
  2    the command line was not understood, or selects no cell
  3    a cell is broken, or this machine lacks something for it, without --allow-unavailable
  130  interrupted`;

const examples = `
Examples:
  npm test                                    the gate: the project's own tests, and every cell of that tier
  npm test -- --tier nightly --grep .         every listed cell, and none of the project's own tests
  npm test -- --topology office-nat           the main job
  npm test -- --list --verbose                what there is, drawn, with what is expected and why
  npm test -- --fabric embedded --matrix      every pair of values of the matrix, in this process
  npm test -- --cell office-nat/p2=3 --keep   one cell, and a look around afterwards
  npm test -- --cell direct --impair slow     one cell whose responder takes its time; client:slow for the client`;

/** The command `test`; `done` is told what was asked. */
export function testCommand(
  command: (usage: string, name: string, description: string) => Command,
  done: (options: TestOptions) => void,
): void {
  const test = command(
    '[options]   (in a checkout: npm test -- [options])',
    'test',
    'play cells and judge them; without a filter, run all tests too',
  )
    .optionsGroup('Which cells:')
    .option('--topology <name>', 'cells of one topology', once('--topology'))
    .option('--client <peer>', 'cells with this client: peer, or peer:profile', once('--client'))
    .option('--responder <peer>', 'cells with this responder: peer, or peer:profile', once('--responder'))
    .option('--grep <regexp>', 'cells whose id matches', once('--grep'))
    .option(
      '--tier <name>',
      `${tiers.join(', ')}: each plays what those before it do, and more`,
      defaultTier,
    );
  addSelectionOptions(test)
    .option(
      '--cell <id>',
      'exactly one cell, listed or not, of any tier: office-nat/p2=1/rule=0',
      once('--cell'),
    )
    .option('--list', 'print the cells, play none')
    .option('--verbose', 'with --list: draw the topologies and say what is expected and by which rules')
    .option('--rules', 'with --list: every rule of the table, and which of the cells show it')
    .option(
      '--explain [stop]',
      'what a stop means and what to do: phase2, phase2:no-policy, a Windows error (809); or the cell of --cell; play none',
    )
    .option('--impair <name>', 'the selected cells, with one end that misbehaves: drop:main-mode:5')
    .option(
      '--list-profiles',
      'print the clients and responders of the field that our stack plays; play none',
    )
    .option('--list-impairments', 'print the ways to misbehave, with reasons and what is expected; play none')
    .optionsGroup('How to play them:')
    .option(
      '--fabric <name>',
      'docker: containers; embedded: this process, under a virtual clock, our own stack alone; auto: docker where an engine is reachable',
      'auto',
    )
    .option('--repeat <n>', 'play each cell n times', '1')
    .option(
      '--jobs <n>',
      'so many labs at once: shorter, and no time or rate is that of a quiet machine',
      '1',
    )
    .option('--shuffle [seed]', 'in an order that the seed decides')
    .option('--seed <seed>', 'of every random choice; printed and recorded')
    .option('--bail', 'stop at the first cell that is not as expected')
    .option('--pause', 'wait after each cell that is not as expected, with its topology up')
    .option('--keep', 'leave the topology up, and say how to enter it')
    .option('--throughput', 'measure sustained throughput in connected cells')
    .option('--keys', 'keep the keys that decrypt the captures, in the form of Wireshark')
    .option(
      '--attempt-unsupported',
      'play also what a peer declares unsupported; fails where that works after all',
    )
    .optionsGroup('What to say:')
    .option('--json', 'one JSON document on standard output, and nothing else there')
    .option('--results <directory>', 'where the records go', 'results')
    .option('--allow-unavailable', 'cells for which this machine lacks something do not fail the run')
    .optionsGroup('Other:')
    .addHelpText('after', `${statuses}\n${examples}`)
    .action((given: Given) => done(testOptions(given)));
}

/** Of two the second would win without a word. */
function once(option: string): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (previous === undefined) return value;
    throw badValue(
      option,
      `${previous} and ${option} ${value}`,
      "Give it once; several by --grep '^(a|b)$', or by --where axis=a,b",
    );
  };
}

function testOptions(given: Given): TestOptions {
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
  const flag = (name: string) => given[name] === true;
  const selection = selectionOptions(given, process.env);
  // Shards draw apart from each other and must draw alike; the matrix is the same until somebody wants another.
  const isFixed = selection.cover !== undefined || selection.shard !== undefined;
  const seed = text('seed') ?? (isFixed ? '1' : randomBytes(4).toString('hex'));
  if (!/^[\w.-]{1,64}$/.test(seed)) throw badValue('--seed', seed, 'Give letters and digits');
  if (flag('verbose') && !flag('list')) {
    throw badValue('--verbose', 'alone', 'It goes with --list; records of a run hold everything');
  }
  if (flag('rules') && !flag('list')) {
    throw badValue('--rules', 'alone', 'It goes with --list: npm test -- --list --rules --tier nightly');
  }
  if (flag('explain') && text('cell') === undefined) {
    throw badValue(
      '--explain',
      'alone',
      'Name a stage, a Windows error, or a cell: --explain phase2, --explain 809, --cell office-nat/rule=0 --explain',
    );
  }
  if (text('explain') !== undefined && text('cell') !== undefined) {
    throw badValue(
      '--explain',
      `${text('explain')} with --cell`,
      'Leave one of them out: what a stop means is the same in every cell, and --cell ID --explain says what is expected',
    );
  }
  return {
    ...selection,
    filter: {
      topology: text('topology'),
      client: text('client'),
      responder: text('responder'),
      grep: text('grep'),
      cell: text('cell'),
      impair: text('impair'),
      where: wheresOf(given),
    },
    tier: tierNamed(text('tier') ?? defaultTier),
    fabric: fabricOf(text('fabric') ?? 'auto', flag),
    list: flag('list'),
    listImpairments: flag('listImpairments'),
    listProfiles: flag('listProfiles'),
    rules: flag('rules'),
    explain: flag('explain') || text('explain'),
    verbose: flag('verbose'),
    repeat: count('--repeat', text('repeat') ?? '1'),
    keep: flag('keep'),
    jobs: jobsOf(text('jobs') ?? '1', flag),
    bail: flag('bail'),
    pause: flag('pause'),
    json: flag('json'),
    throughput: flag('throughput'),
    keys: flag('keys'),
    attemptUnsupported: flag('attemptUnsupported'),
    allowUnavailable: flag('allowUnavailable'),
    results: text('results') ?? 'results',
    seed,
    shuffle: flag('shuffle') ? seed : text('shuffle'),
  };
}

/** What only containers can do, by the option that asks for it. */
const ofContainers = ['keep', 'pause', 'throughput', 'keys', 'attemptUnsupported'] as const;

/** What is asked for that only containers can do, as it is typed. */
export function containersAskedFor(asked: Pick<TestOptions, (typeof ofContainers)[number]>): string[] {
  return ofContainers.filter((name) => asked[name]).map(asTyped);
}

/** `--attempt-unsupported` */
function asTyped(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function fabricOf(name: string, flag: (name: string) => boolean): FabricChoice {
  const fabric = fabricChoices.find((known) => known === name);
  if (fabric === undefined) throw badValue('--fabric', name, suggestion(name, fabricChoices));
  const asked = ofContainers.find(flag);
  if (fabric === 'embedded' && asked !== undefined) {
    throw badValue('--fabric', `embedded with ${asTyped(asked)}`, 'That needs containers: --fabric docker');
  }
  return fabric;
}

/** What makes sense of one lab at a time alone, by the option that asks for it. */
const ofOneLab: Readonly<Record<string, string>> = {
  pause: 'the others would go on beside what you look at',
  throughput: 'the labs would share what is measured',
};

function jobsOf(value: string, flag: (name: string) => boolean): number {
  const jobs = count('--jobs', value);
  const asked = Object.keys(ofOneLab).find(flag);
  if (jobs > 1 && asked !== undefined) {
    throw badValue('--jobs', `${value} with --${asked}`, `Leave one of them out: ${ofOneLab[asked]}`);
  }
  return jobs;
}

function count(option: string, value: string): number {
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
  throw badValue(option, value, 'Give a number from 1 to 9999');
}

function badValue(option: string, value: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', {
    doing: 'reading the command line',
    found: `${option} ${value} makes no sense`,
    remedy,
  });
}
