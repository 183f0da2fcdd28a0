import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runGuarded } from './guarded.ts';

const never = new AbortController().signal;
/** Programs on this machine whose arguments contain this, by Linux's account. */
const running = (argument: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument);
    } catch {
      return false;
    }
  });
/** A length of sleep that nobody else on this machine takes. */
const unusual = (digit: number) => `5${process.pid}.${digit}`;
const sleepers = (length: string) => ['sh', '-c', `setsid true; sleep ${length} & sleep ${length}`];

test('a program that ends gives its output and its status', async () => {
  expect((await runGuarded(['echo', 'done'], never)).stdout).toBe('done');
  await expect(runGuarded(['sh', '-c', 'echo why >&2; exit 7'], never)).rejects.toMatchObject({
    exitCode: 7,
    all: 'why',
  });
});

test.runIf(process.platform === 'linux')('an abort ends the whole group', async () => {
  const length = unusual(1);
  const abort = new AbortController();
  const program = runGuarded(sleepers(length), abort.signal);
  await expect.poll(() => running(length)).toHaveLength(2);
  abort.abort();
  await expect(program).rejects.toThrow();
  await expect.poll(() => running(length)).toEqual([]);
});

test.runIf(process.platform === 'linux')('the group does not outlive a parent that was killed', async () => {
  const length = unusual(2);
  const module = JSON.stringify(join(import.meta.dirname, 'guarded.ts'));
  const program = `import { runGuarded } from ${module};
    await runGuarded(${JSON.stringify(sleepers(length))}, new AbortController().signal);`;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: import.meta.dirname,
    stdio: 'ignore',
  });
  await expect.poll(() => running(length)).toHaveLength(2);
  parent.kill('SIGKILL');
  await expect.poll(() => running(length)).toEqual([]);
});
