import { availableParallelism } from 'node:os';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Task } from './run.ts';
import type { Target } from './target.ts';

/** What was asked of `npm run fuzz`. */
export type Request =
  | {
      readonly does: 'fuzz';
      readonly tasks: readonly Task[];
      readonly seed: string;
      readonly workers: number;
      readonly forMs?: number;
    }
  | { readonly does: 'replay'; readonly file: string; readonly target: string | undefined }
  | { readonly does: 'stop'; readonly exitCode: number };

/** Of all inputs so many go to endpoints, each a whole connection of some dozens of datagrams. */
const endpointShare = 0.003;
const usualInputs = 1_000_000;
const everything = 1_000_000_000;

/** Reads the command line; writes help and complaints itself. */
export function readOptions(args: readonly string[], targets: readonly Target[]): Request {
  const command = new Command('npm run fuzz --')
    .description(
      'Feeds every codec and whole endpoints with mutated messages, and tells what they do not stand.',
    )
    .option('--target <name...>', 'only these; a target, or codecs or endpoints')
    .option(
      '--inputs <number>',
      `in all: ${usualInputs} unless set, or without end where --seconds is`,
      wholeNumber,
    )
    .option('--seconds <number>', 'begins no input after that', wholeNumber)
    .option('--seed <text>', 'what all inputs follow from', 'crossnat')
    .option('--workers <number>', 'threads', wholeNumber, availableParallelism())
    .option('--replay <file>', 'gives one input, of a finding, to its target')
    .addHelpText('after', () => `\n${tableOf(targets)}\n\n${statuses}`)
    .exitOverride();
  try {
    command.parse(args, { from: 'user' });
    return requestOf(command, targets);
  } catch (error) {
    if (error instanceof CommanderError) return { does: 'stop', exitCode: error.exitCode === 0 ? 0 : 2 };
    throw error;
  }
}

const statuses = `Exit status:
  0    nothing was found
  1    something was: each finding is a file, with the command that replays it
  2    the command line was not understood
  130  interrupted, and nothing was found until then`;

function tableOf(targets: readonly Target[]): string {
  const width = Math.max(...targets.map(({ name }) => name.length));
  const rows = (kind: Target['kind']) =>
    targets
      .filter((target) => target.kind === kind)
      .map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
  return [
    'Codecs (--target codecs):',
    ...rows('codec'),
    '',
    'Endpoints (--target endpoints):',
    ...rows('endpoint'),
  ].join('\n');
}

function requestOf(command: Command, targets: readonly Target[]): Request {
  const { target: names, inputs, seconds, seed, workers, replay } = command.opts();
  if (command.args.length > 0) command.error(`what is ${command.args.join(' ')}?`);
  if (replay !== undefined) return { does: 'replay', file: replay, target: names?.[0] };
  const wanted = chosen(command, names, targets);
  const whole = inputs ?? (seconds === undefined ? usualInputs : everything);
  const codecs = wanted.filter(({ kind }) => kind === 'codec').length;
  const endpoints = wanted.length - codecs;
  const forEndpoints = codecs === 0 ? whole : Math.ceil(whole * endpointShare);
  const tasks = wanted.map(({ name, kind }): Task => {
    const share =
      kind === 'codec' ? (whole - (endpoints === 0 ? 0 : forEndpoints)) / codecs : forEndpoints / endpoints;
    return { target: name, kind, inputs: Math.ceil(share) };
  });
  return { does: 'fuzz', tasks, seed, workers, ...(seconds !== undefined && { forMs: seconds * 1000 }) };
}

function chosen(
  command: Command,
  names: readonly string[] | undefined,
  targets: readonly Target[],
): readonly Target[] {
  if (names === undefined) return targets;
  return names.flatMap((name) => {
    const found = targets.filter((target) => target.name === name || `${target.kind}s` === name);
    if (found.length === 0) command.error(`no target ${name}; --help has them all`);
    return found;
  });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 on.');
  return number;
}
