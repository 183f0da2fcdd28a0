import { closeSync, fstatSync, openSync, statSync, unlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CrossnatError } from '../error.ts';

/**
 * An advisory lock of the operating system on a file (flock(2)). It belongs to the open file of this
 * process: the kernel releases it when the process ends, however it ends, and children do not inherit it,
 * because Node opens files close-on-exec. No process id is ever trusted.
 */
export interface FileLock {
  readonly path: string;
  /** Lets go; the file stays. */
  release(): void;
  /** Removes the file, then lets go: nobody can take the removed file's lock for a new one's. */
  releaseAndRemove(): void;
}

const exclusive = 2;
const nonBlocking = 4;

/**
 * Takes the lock of a file, or answers `undefined` when another process has it.
 * `create` makes the file; without it a missing file is `undefined` too.
 */
export async function tryLock(path: string, mode: 'create' | 'existing'): Promise<FileLock | undefined> {
  const flock = await loadFlock();
  const descriptor = open(path, mode);
  if (descriptor === undefined) return undefined;
  // Between opening and locking the former owner may have removed the file: then the lock guards nothing.
  if (!flock(descriptor) || !isStillAt(path, descriptor)) {
    closeSync(descriptor);
    return undefined;
  }
  return {
    path,
    release: () => closeSync(descriptor),
    releaseAndRemove: () => {
      unlinkSync(path);
      closeSync(descriptor);
    },
  };
}

/** Takes the lock of a file, waiting for whoever has it. */
export async function waitForLock(path: string, signal: AbortSignal, waiting: () => void): Promise<FileLock> {
  for (let attempt = 0; ; attempt++) {
    const lock = await tryLock(path, 'create');
    if (lock) return lock;
    if (attempt === 0) waiting();
    // A blocking flock would hold a thread that nothing can interrupt.
    await delay(250, undefined, { signal });
  }
}

function open(path: string, mode: 'create' | 'existing'): number | undefined {
  try {
    return openSync(path, mode === 'create' ? 'a+' : 'r+', 0o600);
  } catch (cause) {
    if (isMissing(cause) && mode === 'existing') return undefined;
    throw new CrossnatError('unavailable', {
      doing: `opening the lock file ${path}`,
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Make its directory writable for this user',
      cause,
    });
  }
}

function isStillAt(path: string, descriptor: number): boolean {
  try {
    return statSync(path).ino === fstatSync(descriptor).ino;
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

/** flock(2), exclusive and without waiting: true when the lock is ours. */
async function loadFlock(): Promise<(descriptor: number) => boolean> {
  try {
    const { default: koffi } = await import('koffi');
    const flock = koffi.load(null).func('int flock(int descriptor, int operation)');
    return (descriptor) => flock(descriptor, exclusive | nonBlocking) === 0;
  } catch (cause) {
    throw new CrossnatError('unavailable', {
      doing: 'loading koffi, which takes the lock of this run',
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Install again with the optional packages: "npm ci --include=optional"',
      cause,
    });
  }
}
