import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { CrossnatError } from '../error.ts';

export interface Watchdog {
  /** Sends it home: the run has removed everything itself. */
  dismiss(): void;
}

/** What the watchdog reads before the end of its input when all is well. */
export const dismissal = 'done\n';

/**
 * Starts a process that outlives this one: in a session of its own, so that no signal to our terminal or
 * process group reaches it. It learns of our death, whatever the cause, by the end of the pipe it reads.
 * @param root the checkout's directory
 * @param id the run that it watches over
 */
export async function startWatchdog(root: string, id: string): Promise<Watchdog> {
  const program = join(import.meta.dirname, `watchdog-main${extname(import.meta.filename)}`);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, root, id], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: tmpdir(),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(watchdogFailure(cause)));
  });
  // A watchdog that was killed must not end the run it watches over; the next start then cleans up.
  child.stdin.on('error', () => {});
  // Neither keeps our event loop going.
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return {
    dismiss: () => {
      child.stdin.end(dismissal);
    },
  };
}

function watchdogFailure(cause: Error): CrossnatError {
  return new CrossnatError('unavailable', {
    doing: 'starting the watchdog of this run',
    found: cause.message,
    remedy: 'Free some processes or memory ("ulimit -u" says how many are allowed)',
    cause,
  });
}
