import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerOf } from '../harness/cell.ts';
import { listedCells } from '../harness/cli/suites.ts';
import { RunDirectory } from '../harness/records/run-directory.ts';
import { playCell } from '../harness/runner/embedded/cell-player.ts';
import { runEmbedded } from '../harness/runner/embedded/run.ts';
import type { PlannedCell } from '../harness/runner/plan.ts';

/*
 * `node bench/embedded-speed.ts [CELLS]`: how fast the embedded fabric plays. First every listed cell of our own stack,
 * several times in one thread: the mean of the least times, nearest to a quiet machine, and its ratio to a SHA-256 of
 * 64 KiB timed beside it. Then a whole run of so many cells (10,000 if nothing is said) with its worker threads and
 * records, with cells and processor time per second, and the memory on the way.
 */
const wanted = Number(process.argv[2] ?? 10_000);
const times = 8;
const cells = (await listedCells())
  .map(({ cell }) => cell)
  .filter(({ client, responder }) => [client, responder].every((value) => peerOf(value).peer === 'ts'));
const say = (text: string) => process.stdout.write(`${text}\n`);

function leastTimes(): void {
  const frame = { run: 'bench', seed: '1', host: {}, versions: {}, stack: '' };
  const block = Buffer.alloc(65_536);
  const timed = (work: () => void) => {
    const began = performance.now();
    work();
    return performance.now() - began;
  };
  let reference = Number.POSITIVE_INFINITY;
  const least = cells.map(() => Number.POSITIVE_INFINITY);
  for (let time = 1; time <= times; time++) {
    for (const [index, cell] of cells.entries()) {
      const took = timed(() => playCell(frame, { cell, repeat: time }));
      least[index] = Math.min(least[index] ?? took, took);
      reference = Math.min(
        reference,
        timed(() => createHash('sha256').update(block).digest()),
      );
    }
  }
  const mean = least.reduce((sum, each) => sum + each, 0) / least.length;
  say(`${cells.length} cells, least of ${times}: ${mean.toFixed(2)} ms a cell on one thread`);
  say(
    `SHA-256 of 64 KiB, least: ${reference.toFixed(3)} ms; a cell is ${(mean / reference).toFixed(0)} of these`,
  );
}

async function wholeRun(): Promise<void> {
  const planned = Array.from({ length: wanted }, (_, index): PlannedCell => {
    const cell = cells[index % cells.length];
    if (!cell) throw new Error('no cell is listed');
    return { cell, repeat: 1 + Math.floor(index / cells.length) };
  });
  const results = mkdtempSync(join(tmpdir(), 'crossnat-bench-'));
  const records = new RunDirectory(results, 'bench');
  const options = {
    seed: '1',
    bail: false,
    versions: {},
    stack: '',
    probe: { fabric: 'embedded', facts: {}, lacks: [] },
  } as const;
  const [began, used] = [performance.now(), process.cpuUsage()];
  let done = 0;
  const { signal } = new AbortController();
  const outcome = await runEmbedded(records, planned, options, signal, () => {
    done += 1;
    if (done % Math.ceil(wanted / 5) === 0) say(`  ${done} cells: ${megabytes()} resident, all threads`);
  });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  records.close();
  rmSync(results, { recursive: true });
  const rate = outcome.records.length / seconds;
  const processor = (user + system) / 1e3 / outcome.records.length;
  const unexpected = outcome.records.filter(({ verdict }) => verdict !== 'pass').length;
  say(`${outcome.records.length} cells in ${seconds.toFixed(1)} s on ${availableParallelism()} processors:`);
  say(
    `  ${rate.toFixed(0)} cells/s, ${processor.toFixed(2)} ms of processor time a cell, ${unexpected} no pass`,
  );
  if (outcome.failure) throw outcome.failure.error;
}

function megabytes(): string {
  return `${Math.round(process.memoryUsage().rss / 1e6)} MB`;
}

leastTimes();
await wholeRun();
