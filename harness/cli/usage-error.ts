import type { Command, CommanderError } from 'commander';
import { CrossnatError } from '../error.ts';
import { suggestion } from '../suggestion.ts';

/**
 * Commander's complaint as an error for the person who typed `argv`, with every known name beside the nearest.
 * `helpOf` says how to ask for the help of one command.
 */
export function usageError(
  error: CommanderError,
  argv: readonly string[],
  program: Command,
  helpOf: (command: string) => string,
): CrossnatError {
  const found = error.message.replace(/^error: /, '').replace(/\.$/, '');
  const [name = ''] = argv;
  const command = program.commands.find((one) => one.name() === name);
  const typed = /'([^'=\s]+)/.exec(found)?.[1] ?? '';
  const names = command
    ? command.options.map(({ long }) => long ?? '')
    : program.commands.map((one) => one.name());
  const isUnknown = ['commander.unknownOption', 'commander.unknownCommand'].includes(error.code);
  const remedy =
    isUnknown && names.length > 0 ? suggestion(typed, names) : `${helpOf(name)} says what it takes`;
  return new CrossnatError('usage', { doing: 'reading the command line', found, remedy, cause: error });
}
