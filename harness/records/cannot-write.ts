import { CrossnatError } from '../error.ts';

const causes: Readonly<Record<string, readonly [found: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space (old runs under results/ may go) and run again'],
  EDQUOT: ['the disk quota is used up', 'Free some space (old runs under results/ may go) and run again'],
  EACCES: [
    'this user may not write there',
    'Give the directory to this user, or run from a checkout of your own',
  ],
  EPERM: [
    'this user may not write there',
    'Give the directory to this user, or run from a checkout of your own',
  ],
  EROFS: ['the file system is read-only', 'Run from a checkout on a writable disk'],
  ENOTDIR: ['a part of the path is a file', 'Remove that file and run again'],
  EEXIST: ['something else of that name stands there', 'Remove it and run again'],
};

/** The error for a person where a record could not be written: which path, why, and what to do. */
export function cannotWrite(path: string, cause: unknown): CrossnatError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const [found, remedy] = causes[code] ?? [
    cause instanceof Error ? cause.message : String(cause),
    'Look at the disk; what was recorded before is kept',
  ];
  return new CrossnatError('broken', { doing: `writing ${path}`, found, remedy, cause });
}
