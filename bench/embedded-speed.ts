import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { matrixAxes } from '../harness/matrix/axes.ts';
import { matrixCells } from '../harness/matrix/generate.ts';
import { RunDirectory } from '../harness/records/run-directory.ts';
import type * as Player from '../harness/runner/embedded/cell-player.ts';
import type * as Reporter from '../harness/runner/embedded/report.ts';
import { runEmbedded } from '../harness/runner/embedded/run.ts';
import type { PlannedCell } from '../harness/runner/plan.ts';

/*
 * `node bench/embedded-speed.ts [CELLS] [CHECKOUT]`: how fast the embedded fabric plays the whole matrix. First so few
 * cells of it as make a sample, in one thread and several times, in processor time beside that of SHA-256 over 64 KiB,
 * and in turns with another checkout where one is named: other work on the machine weighs on both alike. Then a run
 * of so many cells, all if nothing is said, with its worker threads and records: rate, processor time, and the memory
 * on the way.
 */
const [wanted, other] = [process.argv[2], process.argv[3]];
const matrix = matrixCells('full', matrixAxes()).map((cell): PlannedCell => ({ cell, repeat: 1 }));
/** Cells that a worker plays one after the other are alike: whole pieces of the list are as the list is. */
const piece = 20;
const pieces = 12;
const times = 6;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Of the whole process, helpers of the garbage collector and the compiler among it; milliseconds. */
function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** So many cells of the matrix, in pieces from all of it. */
function sample(count: number): PlannedCell[][] {
  const apart = Math.max(1, Math.floor(matrix.length / count)) * piece;
  return Array.from({ length: Math.ceil(count / piece) }, (_, index) =>
    matrix.slice(index * apart, index * apart + piece),
  ).filter(({ length }) => length > 0);
}

type Checkout = Pick<typeof Player, 'playCell' | 'nameOf'> & Pick<typeof Reporter, 'reportOf'>;

async function checkout(path: string): Promise<Checkout> {
  const embedded = join(resolve(path), 'harness/runner/embedded');
  const part = (name: string) => import(pathToFileURL(join(embedded, name)).href);
  return { ...(await part('cell-player.ts')), ...(await part('report.ts')) };
}

async function inTurns(): Promise<void> {
  const checkouts = await Promise.all(
    [join(import.meta.dirname, '..'), ...(other ? [other] : [])].map(checkout),
  );
  const frame = { run: 'bench', seed: '1', host: {}, versions: {}, stack: '' };
  const keeping = { allCaptures: false, wholeRecords: false };
  // Another checkout may not know what a cell asks for; this leaves it out, and warms up.
  const known = ({ playCell }: Checkout, planned: PlannedCell) =>
    playCell(frame, planned).record.verdict !== 'broken';
  const cells = sample(pieces * piece).map((each) =>
    each.filter((planned) => checkouts.every((one) => known(one, planned))),
  );
  const count = cells.flat().length;
  const least = checkouts.map(() => Number.POSITIVE_INFINITY);
  let reference = Number.POSITIVE_INFINITY;
  const block = Buffer.alloc(65_536);
  for (let time = 0; time < times; time++) {
    const sums = checkouts.map(() => 0);
    for (const [index, each] of cells.entries()) {
      for (let turn = 0; turn < checkouts.length; turn++) {
        const at = (index + time + turn) % checkouts.length;
        const { playCell, reportOf, nameOf } = checkouts[at] ?? fail();
        sums[at] =
          (sums[at] ?? 0) +
          processorTime(() => {
            for (const planned of each) reportOf(playCell(frame, planned), nameOf(planned), keeping);
          });
      }
    }
    const hashes = 2000;
    const hashing = processorTime(() => {
      for (let each = 0; each < hashes; each++) createHash('sha256').update(block).digest();
    });
    reference = Math.min(reference, hashing / hashes);
    for (const [at, sum] of sums.entries()) least[at] = Math.min(least[at] ?? sum, sum / count);
  }
  const [own = 0, others] = least;
  say(`${count} cells in one thread, least of ${times}, load ${load()}:`);
  say(`  ${own.toFixed(2)} ms of processor time a cell, ${(own / reference).toFixed(0)} SHA-256 of 64 KiB`);
  if (others)
    say(`  ${others.toFixed(2)} ms in ${other}, in turns: ${(own / others).toFixed(2)} of that here`);
}

async function wholeRun(cells: readonly PlannedCell[]): Promise<void> {
  const results = mkdtempSync(join(tmpdir(), 'crossnat-bench-'));
  const records = new RunDirectory(results, 'bench');
  const probe = { fabric: 'embedded', facts: {}, lacks: [] } as const;
  const options = { seed: '1', bail: false, versions: {}, stack: '', probe };
  const fifth = Math.ceil(cells.length / 5);
  let done = 0;
  let [began, used, own] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
  const start = { began, used, own };
  const { signal } = new AbortController();
  say(`${cells.length} cells on ${availableParallelism()} processors, load ${load()}:`);
  const outcome = await runEmbedded(records, cells, options, signal, (event) => {
    if (event.event !== 'cell-ended' || event.record.canary) return;
    done += 1;
    if (done % fifth !== 0 && done !== cells.length) return;
    const count = done % fifth || fifth;
    say(`  ${String(done).padStart(6)}: ${speed(count, { began, used, own })}, ${memory()}`);
    [began, used, own] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
  });
  records.close();
  rmSync(results, { recursive: true });
  const unexpected = outcome.records.filter(({ verdict }) => !['pass', 'unsupported'].includes(verdict));
  say(`  in all: ${speed(done, start)}, ${unexpected.length} not as expected, load ${load()}`);
  if (outcome.failure) throw outcome.failure.error;
}

interface Since {
  readonly began: number;
  readonly used: NodeJS.CpuUsage;
  readonly own: NodeJS.CpuUsage;
}

function speed(cells: number, { began, used, own }: Since): string {
  const rate = (cells * 1000) / (performance.now() - began);
  const each = ({ user, system }: NodeJS.CpuUsage) => ((user + system) / 1000 / cells).toFixed(2);
  const main = each(process.threadCpuUsage(own));
  return `${rate.toFixed(0)} cells/s, ${each(process.cpuUsage(used))} ms of processor time a cell (main thread ${main})`;
}

function memory(): string {
  const { rss, heapUsed } = process.memoryUsage();
  const megabytes = (octets: number) => `${Math.round(octets / 1e6)} MB`;
  return `${megabytes(rss)} resident, all threads, ${megabytes(heapUsed)} heap of the main one`;
}

function load(): string {
  return loadavg()
    .map((each) => each.toFixed(1))
    .join(' ');
}

function fail(): never {
  throw new Error('no checkout is there');
}

await inTurns();
await wholeRun(wanted === undefined ? matrix : sample(Number(wanted)).flat());
