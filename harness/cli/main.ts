import { outliveClosedOutput } from './closed-output.ts';
import { errorStatus, errorText } from './error-text.ts';
import { parseArguments } from './options.ts';

/**
 * The command line. Gives the exit status: 0 as expected, 1 a cell or test failed, 2 usage, 3 broken or
 * unavailable, 130 interrupted. Each command's modules are loaded when it is asked for.
 */
export async function main(argv: readonly string[]): Promise<number> {
  outliveClosedOutput();
  try {
    const request = parseArguments(argv);
    switch (request.command) {
      case 'help':
        process.stdout.write(request.text);
        return 0;
      case 'test': {
        const { testCommand } = await import('./test-command.ts');
        return endingSoon(await testCommand(request.options, argv.slice(1)));
      }
      case 'doctor': {
        const { doctorCommand } = await import('../doctor/command.ts');
        return await doctorCommand();
      }
      case 'engine': {
        const { engineCommand } = await import('../engine/command.ts');
        return await engineCommand();
      }
      case 'shell': {
        const { shellCommand } = await import('./shell.ts');
        return await shellCommand(request.node, request.program);
      }
      case 'merge': {
        const { mergeCommand } = await import('./merge.ts');
        return mergeCommand(request.runs, request.results);
      }
      case 'down': {
        const { downCommand } = await import('./down.ts');
        return await downCommand();
      }
    }
  } catch (error) {
    console.error(errorText(error));
    return errorStatus(error);
  }
}

/** A connection that an interrupted step left half open must not hold up the exit status. Milliseconds. */
const patience = 2000;

function endingSoon(status: number): number {
  setTimeout(() => process.exit(status), patience).unref();
  return status;
}
