import { readFileSync, rmSync } from 'node:fs';

/** Process id files of an engine that was killed, and the program that each must belong to. */
const pidFiles = [
  { file: '/run/docker.pid', program: 'dockerd' },
  { file: '/run/docker/containerd/containerd.pid', program: 'containerd' },
] as const;

/**
 * Removes what a killed engine left to say that it still runs. `dockerd` refuses to start while *any* process
 * has the id in its file, and waits in vain for a containerd that is none.
 */
export function removeStalePidFiles(): void {
  for (const { file, program } of pidFiles) {
    const pid = contentOf(file);
    if (pid !== undefined && isStale(contentOf(`/proc/${pid.trim()}/stat`), program))
      rmSync(file, { force: true });
  }
}

/**
 * Whether a process that should be `program` is not: it is gone, somebody else has its number, or it has ended
 * and was not waited for. @param stat its line in /proc, see proc(5): `3114 (dockerd) S 1 ...`
 */
export function isStale(stat: string | undefined, program: string): boolean {
  const [, name, state] = /^\d+ \((.*)\) (\S)/.exec(stat ?? '') ?? [];
  return name !== program || state === 'Z' || state === 'X';
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
