import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { plannedName, readRunPlan } from '../records/run-plan.ts';
import { beforeItEnds, Checkout } from './testing/checkout.ts';
import { runDocumentSchema } from './testing/run-document.ts';

/** Resolves when a run has recorded something. */
async function firstRecord(checkout: Checkout): Promise<void> {
  const file = join(checkout.path, 'results', 'latest', 'results.jsonl');
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes('\n')) await delay(5);
}

test('a matrix that is interrupted goes on where it was: no record is lost, and no cell has two', async () => {
  using checkout = new Checkout();
  // Some 250 cells: they last longer than it takes to see the first record.
  const matrix = ['--matrix', '--cover', 'smoke', '--where', 'topology=direct,hotel-nat', '--repeat', '4'];
  const run = checkout.start('test', '--fabric', 'embedded', ...matrix);
  await beforeItEnds(run, firstRecord(checkout));
  run.kill('SIGINT');
  const { exitCode, stdout } = await run;
  expect(exitCode, stdout).toBe(130);
  const directory = join(checkout.path, 'results', 'latest');
  const planned = readRunPlan(directory).cells.map(plannedName);
  const before = checkout.latestRecords();
  expect(before.length).toBeLessThan(planned.length);
  const [, resume = ''] = /npm test -- (--resume \S+) plays the rest$/m.exec(stdout) ?? [];

  const resumed = await checkout.start('test', '--json', ...resume.split(' '));
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  const records = checkout.latestRecords();
  expect(records.slice(0, before.length)).toEqual(before);
  expect(records.filter(({ canary }) => !canary).map(plannedName)).toEqual(planned);
  expect(records.filter(({ canary }) => canary)).toHaveLength(1);
  const { summary } = runDocumentSchema.parse(JSON.parse(resumed.stdout));
  expect(summary).toMatchObject({ notRun: 0, interrupted: false, failed: 0 });

  const again = await checkout.start('test', ...resume.split(' '));
  expect(again.exitCode).toBe(2);
  expect(again.stderr).toMatch(/every cell of .* has its record.*\n.*npm test -- --fabric embedded --matrix/);
});
