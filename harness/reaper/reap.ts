import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../fabric/docker/engine.ts';
import { buildingMark, label, type RunIdentity, withLabels } from '../fabric/docker/labels.ts';
import { removeContainer } from '../fabric/docker/remove.ts';
import { tryLock } from './lock.ts';
import { checkoutMark, identityOf, lockFile, runsWithFiles } from './run-files.ts';

/**
 * Removes what dead runs of this checkout left: containers by label (all but finished kept labs), scratch
 * files, the run file. Touches no run whose lock is held and no kept lab. Answers how many containers went.
 */
export async function reapDeadRuns(root: string): Promise<number> {
  let removed = 0;
  for (const id of runsWithFiles(root)) {
    const lock = await tryLock(lockFile(root, id), 'existing');
    if (!lock) continue;
    const dead = identityOf(root, id);
    removed += await removeUnkept(dead);
    rmSync(dead.directory, { recursive: true, force: true });
    lock.releaseAndRemove();
  }
  return removed + (await reapRunsWithoutFiles(root));
}

/** Containers of runs whose file somebody deleted: a live run has its file from before its first container. */
async function reapRunsWithoutFiles(root: string): Promise<number> {
  const filters = withLabels({ [label.checkout]: checkoutMark(root) });
  const found = await engine().listContainers({ all: true, filters });
  const ids = new Set(found.map(({ Labels }) => Labels[label.run] ?? ''));
  let removed = 0;
  for (const id of ids) {
    if (!existsSync(lockFile(root, id))) removed += await removeUnkept(identityOf(root, id));
  }
  return removed;
}

/**
 * Removes the containers of a run, without its kept labs; a kept lab that was never finished is nobody's.
 * Answers how many.
 */
export async function removeUnkept(run: RunIdentity): Promise<number> {
  const filters = withLabels({ [label.checkout]: run.checkout, [label.run]: run.id });
  const found = await engine().listContainers({ all: true, filters });
  const doomed = found.filter(({ Labels }) => {
    const unfinished = existsSync(join(run.directory, buildingMark(Labels[label.lab] ?? '')));
    return Labels[label.keep] !== 'yes' || unfinished;
  });
  await Promise.all(doomed.map(({ Id }) => removeContainer(Id)));
  return doomed.length;
}
