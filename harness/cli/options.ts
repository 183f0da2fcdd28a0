import { Command, CommanderError } from 'commander';
import { type TestOptions, testCommand } from './test-options.ts';
import { usageError } from './usage-error.ts';

export type Request =
  | { readonly command: 'test'; readonly options: TestOptions }
  | { readonly command: 'doctor' | 'engine' | 'down' }
  | { readonly command: 'merge'; readonly runs: readonly string[]; readonly results: string }
  | { readonly command: 'shell'; readonly node: string; readonly program: readonly string[] }
  | { readonly command: 'help'; readonly text: string };

/** What these arguments ask for. Throws a usage error with the nearest name for what is not known. */
export function parseArguments(argv: readonly string[]): Request {
  let request: Request | undefined;
  let helpText = '';
  const program = new Command('crossnat')
    .description(
      'Does this L2TP/IPsec client reach this responder through these NATs, and if not, where and why?',
    )
    .usage('<command> [options]')
    .showSuggestionAfterError(false)
    .helpCommand(false)
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => {
        helpText += text;
      },
      writeErr: () => {},
    })
    .exitOverride();
  /** Settings of a command do not reach those below it by themselves. */
  const command = (usage: string, name: string, description: string) =>
    program.command(name).copyInheritedSettings(program).description(description).usage(usage);
  testCommand(command, (options) => {
    request = { command: 'test', options };
  });
  command(
    '  (in a checkout: npm run doctor)',
    'doctor',
    'say what this machine can carry, and what to type where it lacks something',
  ).action(() => {
    request = { command: 'doctor' };
  });
  command(
    '  (in a checkout: npm run engine)',
    'engine',
    'install and start a Docker engine where none is reachable',
  ).action(() => {
    request = { command: 'engine' };
  });
  command(
    '<run...>   (in a checkout: npm run merge -- <run...>)',
    'merge <run...>',
    'join the records of the shards of a run into one run',
  )
    .option('--results <directory>', 'where the joined records go', 'results')
    .action((runs: string[], given: { readonly results: string }) => {
      request = { command: 'merge', runs, results: given.results };
    });
  command('  (in a checkout: npm run down)', 'down', 'take down every lab that --keep left up').action(() => {
    request = { command: 'down' };
  });
  command(
    '<node> [program...]   (in a checkout: npm run shell -- <node>)',
    'shell <node> [program...]',
    'enter a node of a kept lab',
  )
    .passThroughOptions()
    .action((node: string, words: string[]) => {
      request = { command: 'shell', node, program: words };
    });

  try {
    program.parse(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, argv, program, helpOf);
  }
  return request ?? { command: 'help', text: helpText };
}

function helpOf(command: string): string {
  return command === 'test' ? 'npm test -- --help' : `npm run ${command} -- --help`;
}
