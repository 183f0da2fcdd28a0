import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { CrossnatError } from '../error.ts';
import { engineStatus } from '../fabric/docker/engine.ts';
import type { RunIdentity } from '../fabric/docker/labels.ts';
import { type FileLock, tryLock } from './lock.ts';
import { reapDeadRuns, removeUnkept } from './reap.ts';
import { identityOf, lockFile } from './run-files.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** A run that holds its lock: alive for every reaper until this process ends or `endRun`. */
export interface Run extends RunIdentity {
  readonly lock: FileLock;
  readonly watchdog: Watchdog;
}

/**
 * Begins a run: takes its lock, starts its watchdog, and removes what dead runs of this checkout left.
 * @param root the checkout's directory; its run files lie in `.cache/runs`
 * @throws CrossnatError `unavailable` without an engine
 */
export async function beginRun(root: string): Promise<Run> {
  const identity = identityOf(root, newRunId());
  mkdirSync(identity.directory, { recursive: true });
  const lock = await tryLock(lockFile(root, identity.id), 'create');
  if (!lock) {
    throw new CrossnatError('broken', {
      doing: `beginning run ${identity.id}`,
      found: 'another run has its name',
      remedy: 'Run it again: a run draws its name anew',
    });
  }
  const run: Run = { ...identity, lock, watchdog: await startWatchdog(root, identity.id) };
  try {
    await engineStatus();
    await reapDeadRuns(root);
    return run;
  } catch (cause) {
    letGo(run);
    throw cause;
  }
}

/** Ends a run: removes its labs that are not kept, lets go of its lock, sends the watchdog home. */
export async function endRun(run: Run): Promise<void> {
  await removeUnkept(run);
  letGo(run);
}

function letGo({ directory, lock, watchdog }: Run): void {
  rmSync(directory, { recursive: true, force: true });
  lock.releaseAndRemove();
  watchdog.dismiss();
}

/** When it began, to the second, and four digits against two in one second: `20261120-104500-3f2a`. */
function newRunId(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${time}-${randomBytes(2).toString('hex')}`;
}
