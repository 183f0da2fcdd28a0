import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { engine } from '../fabric/docker/engine.ts';
import { label, withLabels } from '../fabric/docker/labels.ts';
import { tryLock } from './lock.ts';
import { removeUnkept } from './reap.ts';
import { identityOf, lockFile } from './run-files.ts';

/** The engine finishes what a dead client had asked for: how long nothing new must come before we believe it. */
const quietMs = 4000;
/** One that takes long to remove takes long to make, too: so many removals as long as the longest must have had time. */
const removals = 4;

/** Removes everything of a run that died, and what the engine still makes for it; then its files. */
export async function cleanUpAfter(root: string, id: string): Promise<void> {
  const run = identityOf(root, id);
  const events = await engine().getEvents({
    filters: { type: ['container'], event: ['create', 'start'], ...withLabels({ [label.run]: id }) },
  });
  await new Promise<void>((resolve, reject) => {
    let longestMs = 0;
    let quiet: NodeJS.Timeout | undefined;
    const waitForMore = () => {
      clearTimeout(quiet);
      quiet = setTimeout(resolve, Math.max(quietMs, removals * longestMs));
    };
    const remove = async () => {
      waitForMore();
      const began = performance.now();
      await removeUnkept(run);
      longestMs = Math.max(longestMs, performance.now() - began);
      waitForMore();
    };
    // Also when we close it.
    events.on('error', reject);
    events.on('data', () => void remove().catch(reject));
    remove().catch(reject);
  });
  if (events instanceof Readable) events.destroy();
  await removeUnkept(run);
  // The kernel released the dead run's lock; who has it now is another reaper, and removes the files itself.
  const lock = await tryLock(lockFile(root, id), 'existing');
  if (!lock) return;
  rmSync(run.directory, { recursive: true, force: true });
  lock.releaseAndRemove();
}
