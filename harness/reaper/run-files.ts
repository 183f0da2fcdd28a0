import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunIdentity } from '../fabric/docker/labels.ts';
import { tryLock } from './lock.ts';

/** Where a checkout's run files lie. A run is alive while it holds the lock on its file, never by process id. */
export function runsDirectory(root: string): string {
  return join(root, '.cache', 'runs');
}

export function lockFile(root: string, id: string): string {
  return join(runsDirectory(root), `${id}.lock`);
}

/** The runs of this checkout that have a file: those that live, and those that died before they could remove it. */
export function runsWithFiles(root: string): string[] {
  if (!existsSync(runsDirectory(root))) return [];
  const files = readdirSync(runsDirectory(root)).filter((name) => name.endsWith('.lock'));
  return files.map((name) => name.slice(0, -'.lock'.length));
}

/** The mark of this checkout on this machine: a reaper judges only the runs whose files it can see. */
export function checkoutMark(root: string): string {
  return createHash('sha256')
    .update(`${hostname()}\n${resolve(root)}`)
    .digest('hex')
    .slice(0, 12);
}

export function identityOf(root: string, id: string): RunIdentity {
  return { id, checkout: checkoutMark(root), directory: join(runsDirectory(root), id) };
}

export async function isAlive(root: string, id: string): Promise<boolean> {
  const lock = await tryLock(lockFile(root, id), 'existing');
  lock?.release();
  return lock === undefined && existsSync(lockFile(root, id));
}
