import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tryLock, waitForLock } from './lock.ts';
import { isAlive, lockFile, runsDirectory, runsWithFiles } from './run-files.ts';

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'crossnat-lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A process that holds the lock of a file, and the life of which is ours. */
async function holder(path: string) {
  const program = `import { tryLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    import { spawn } from 'node:child_process';
    if (await tryLock(${JSON.stringify(path)}, 'create')) {
      const heir = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
      console.log(heir.pid);
    }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data))),
  );
  const heir = Number(said);
  onTestFinished(() => void process.kill(heir, 'SIGKILL'));
  return {
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGKILL');
      }),
  };
}

test('one owner at a time, in this process as in another', async () => {
  const path = join(newDirectory(), 'a.lock');
  const mine = await tryLock(path, 'create');
  expect(mine).toBeDefined();
  expect(await tryLock(path, 'create')).toBeUndefined();
  mine?.release();
  const again = await tryLock(path, 'existing');
  expect(again).toBeDefined();
  again?.releaseAndRemove();
  expect(existsSync(path)).toBe(false);
});

test('a file that is not there is not made by looking', async () => {
  const path = join(newDirectory(), 'a.lock');
  expect(await tryLock(path, 'existing')).toBeUndefined();
  expect(existsSync(path)).toBe(false);
});

test('the lock of a killed process is free, though a child of it goes on', async () => {
  const root = newDirectory();
  const path = join(root, 'a.lock');
  const owner = await holder(path);
  expect(await tryLock(path, 'create')).toBeUndefined();
  await owner.kill();
  const mine = await tryLock(path, 'create');
  expect(mine).toBeDefined();
  mine?.release();
});

test('who waits for a lock gets it when it is let go, and hears once that it waits', async () => {
  const path = join(newDirectory(), 'a.lock');
  const first = await tryLock(path, 'create');
  let waits = 0;
  const second = waitForLock(path, new AbortController().signal, () => {
    waits += 1;
    first?.release();
  });
  (await second).release();
  expect(waits).toBe(1);
  const held = await tryLock(path, 'create');
  const abort = new AbortController();
  await expect(waitForLock(path, abort.signal, () => abort.abort())).rejects.toThrow();
  held?.release();
});

test('a run is alive while its lock is held', async () => {
  const root = newDirectory();
  expect(runsWithFiles(root)).toEqual([]);
  mkdirSync(runsDirectory(root), { recursive: true });
  const owner = await holder(lockFile(root, 'r1'));
  expect(runsWithFiles(root)).toEqual(['r1']);
  expect(await isAlive(root, 'r1')).toBe(true);
  await owner.kill();
  expect(await isAlive(root, 'r1')).toBe(false);
  expect(await isAlive(root, 'never')).toBe(false);
});
