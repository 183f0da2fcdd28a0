import pc from 'picocolors';
import { CrossnatError } from '../error.ts';
import { exit } from './exit-status.ts';

/** What a person reads of an error: one clear message; of a bug the whole trace. */
export function errorText(error: unknown): string {
  if (error instanceof CrossnatError) {
    return `${pc.red(`${sentence(error.doing)}: ${error.found}.`)}\n${sentence(error.remedy)}.`;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${pc.red('This is a fault of crossnat itself:')}\n${trace}`;
}

/** The exit status of a command that ended with this error. */
export function errorStatus(error: unknown): number {
  if (!(error instanceof CrossnatError)) return exit.broken;
  if (error.code === 'usage') return exit.usage;
  return error.code === 'interrupted' ? exit.interrupted : exit.broken;
}

/** Begins with a capital and has no full stop of its own. A command or a path at the beginning stays as it is typed. */
function sentence(text: string): string {
  const bare = text.replace(/\.$/, '');
  return /^[a-z]+ (?!run|test|ci)/.test(bare) ? bare.charAt(0).toUpperCase() + bare.slice(1) : bare;
}
