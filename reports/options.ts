import { Command, CommanderError } from 'commander';
import { usageError } from '../harness/cli/usage-error.ts';
import { CrossnatError } from '../harness/error.ts';

/** What was asked of `npm run report`. */
export type ReportRequest =
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'condense'; readonly inputs: readonly string[]; readonly write: string | undefined }
  | {
      readonly command: 'pairs' | 'choices' | 'times';
      readonly inputs: readonly string[];
      /** The file whose section is replaced, or compared; absent: the report goes to standard output. */
      readonly file: { readonly path: string; readonly check: boolean } | undefined;
    };

const reads = `
Records are a run's directory (results/latest), its results.jsonl, or a recorded file (reports/recorded/*.jsonl).`;

const examples = `
Examples:
  npm run report -- pairs results/latest                                 the tables, on standard output
  npm run report -- condense results/latest --write reports/recorded/pairs.jsonl
  npm run report -- pairs reports/recorded/*.jsonl --write README.md     between <!-- pairs:begin --> and <!-- pairs:end -->
  npm run report -- pairs reports/recorded/*.jsonl --check README.md     exit status 1 where the file says anything else`;

interface Given {
  readonly write?: string;
  readonly check?: string;
}

/** What these arguments ask for. Throws a usage error with the nearest name for what is not known. */
export function parseReportArguments(argv: readonly string[]): ReportRequest {
  let request: ReportRequest | undefined;
  let text = '';
  const program = new Command('report')
    .description("What a run's records say, for people.")
    .usage('<command> <records...>   (in a checkout: npm run report -- <command> <records...>)')
    .showSuggestionAfterError(false)
    .helpCommand(false)
    .configureOutput({
      writeOut: (part) => {
        text += part;
      },
      writeErr: () => {},
    })
    .exitOverride()
    .addHelpText('after', `${reads}\n${examples}`);
  const command = (name: string, description: string) =>
    program
      .command(`${name} <records...>`)
      .copyInheritedSettings(program)
      .description(description)
      .addHelpText('after', reads);
  for (const [name, description] of [
    ['pairs', 'who connects with whom: a table for each placement of NAT, with reasons and versions'],
    ['choices', 'what each responder chose from what each client offers'],
    ['times', 'what labs and cells take, for each peer and topology'],
  ] as const) {
    command(name, description)
      .option('--write <file>', `replace the section between <!-- ${name}:begin --> and <!-- ${name}:end -->`)
      .option('--check <file>', 'compare that section: exit status 1 where it differs')
      .action((inputs: string[], { write, check }: Given) => {
        request = { command: name, inputs, file: fileOf(write, check) };
      });
  }
  command('condense', 'the same records in the small form that is committed, one JSON value a line')
    .option('--write <file>', 'into this file, in place of standard output')
    .action((inputs: string[], { write }: Given) => {
      request = { command: 'condense', inputs, write };
    });
  try {
    program.parse(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, argv, program, () => 'npm run report -- --help');
  }
  return request ?? { command: 'help', text };
}

function fileOf(
  write: string | undefined,
  check: string | undefined,
): { readonly path: string; readonly check: boolean } | undefined {
  if (write !== undefined && check !== undefined) {
    throw new CrossnatError('usage', {
      doing: 'reading the command line',
      found: '--write and --check were both given',
      remedy: 'Give one of them: --check writes nothing',
    });
  }
  if (check !== undefined) return { path: check, check: true };
  return write === undefined ? undefined : { path: write, check: false };
}
