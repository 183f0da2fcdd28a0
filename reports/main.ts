import { errorStatus, errorText } from '../harness/cli/error-text.ts';
import { choicesReport } from './choices.ts';
import { readInputs } from './input.ts';
import { withSection } from './marked-file.ts';
import { parseReportArguments } from './options.ts';
import { pairsReport } from './pairs.ts';
import { recordingText } from './recording.ts';
import { readText, writeText } from './text-file.ts';
import { timesReport } from './times.ts';

const reports = { pairs: pairsReport, choices: choicesReport, times: timesReport };

/**
 * `npm run report`. Gives the exit status: 0 done, 1 a file that `--check` compared differs, 2 usage,
 * 3 records that cannot be read.
 */
export function main(argv: readonly string[]): number {
  try {
    const request = parseReportArguments(argv);
    if (request.command === 'help') return print(request.text);
    const recording = readInputs(request.inputs);
    if (request.command === 'condense') {
      const text = recordingText(recording);
      if (request.write === undefined) return print(text);
      writeText(request.write, text);
      return 0;
    }
    const { command, file } = request;
    const section = reports[command](recording);
    if (file === undefined) return print(`${section}\n`);
    const text = withSection(file.path, command, section);
    if (!file.check) writeText(file.path, text);
    else if (text !== readText(file.path)) return differs(file.path, command, request.inputs);
    return 0;
  } catch (error) {
    console.error(errorText(error));
    return errorStatus(error);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function differs(file: string, command: string, inputs: readonly string[]): number {
  console.error(`The section ${command} of ${file} is not what these records say.`);
  console.error(`npm run report -- ${command} ${inputs.join(' ')} --write ${file}`);
  return 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
