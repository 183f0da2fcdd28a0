import type { Command } from 'commander';
import { CrossnatError } from '../error.ts';
import { type Cover, covers } from '../matrix/generate.ts';
import type { Shard } from '../runner/shard.ts';
import { suggestion } from '../suggestion.ts';
import { shardOf } from './shard-option.ts';
import { defaultTier } from './tier.ts';
import { parseWhere, type Where } from './where.ts';

/** What commander gives: texts, flags, and texts of an option that may come several times. */
export type Given = Readonly<Record<string, string | true | readonly string[] | undefined>>;

/** Where the cells of a run come from, and which part of them it plays. */
export interface SelectionOptions {
  /** How much of the matrix, in place of what suites list; absent: the suites. */
  readonly cover: Cover | undefined;
  /** Only what failed in the last run. */
  readonly lastFailed: boolean;
  readonly shard: Shard | undefined;
  /** The run that is to go on; nothing else selects then. */
  readonly resume: string | undefined;
}

export function addSelectionOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  return command
    .option(
      '--where <axis=value>',
      'cells by any axis: p2=1,2 or client!=ts:windows-*; may come several times',
      collect,
    )
    .option('--matrix', 'cells of the matrix instead of those that suites list (docs/matrix.md)')
    .option('--cover <how much>', 'of the matrix: smoke, pairwise or full; pairwise unless said')
    .option('--shard <i/n>', 'the first of four parts: 1/4; a job may say it in its environment, too')
    .option('--last-failed', 'what failed in the last run')
    .option('--resume <run>', 'what an interrupted run has not played, into its own records');
}

export function selectionOptions(
  given: Given,
  environment: Readonly<Record<string, string | undefined>>,
): SelectionOptions {
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
  const resume = text('resume');
  const options = {
    cover: coverOf(given.matrix === true, text('cover')),
    lastFailed: given.lastFailed === true,
    shard: resume === undefined ? shardOf(text('shard'), environment) : undefined,
    resume,
  };
  if (options.lastFailed && options.cover !== undefined) {
    throw refused(
      '--last-failed with --matrix',
      'What failed last is a list of its own: leave one of the two out',
    );
  }
  const other = selecting.find((name) => (given[name] ?? unasked[name]) !== unasked[name]);
  const isSelecting =
    other !== undefined || wheresOf(given) !== undefined || given.matrix === true || options.lastFailed;
  if (resume !== undefined && isSelecting) {
    throw refused(
      `--resume with ${other === undefined ? 'another selection' : `--${other}`}`,
      'A run is resumed with the cells and the seed that it began with: leave the rest out',
    );
  }
  return options;
}

/** What `--where` asks for; `undefined` where it is not given. */
export function wheresOf({ where }: Given): readonly Where[] | undefined {
  return Array.isArray(where) && where.length > 0 ? where.map((each) => parseWhere(String(each))) : undefined;
}

/** Options that say which cells, how often, in which order, or with what. */
const selecting = [
  ...['topology', 'client', 'responder', 'grep', 'cell', 'impair', 'shard', 'cover', 'seed'],
  ...['tier', 'repeat', 'shuffle'],
];

/** What those have that have something where nobody asks for it. */
const unasked: Given = { tier: defaultTier, repeat: '1' };

function coverOf(matrix: boolean, name: string | undefined): Cover | undefined {
  if (name === undefined) return matrix ? 'pairwise' : undefined;
  const cover = covers.find((known) => known === name);
  if (cover === undefined) throw refused(`--cover ${name}`, suggestion(name, covers));
  return cover;
}

function refused(what: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', {
    doing: 'reading the command line',
    found: `${what} makes no sense`,
    remedy,
  });
}
