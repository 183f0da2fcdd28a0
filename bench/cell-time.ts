import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseCellId } from '../harness/cell.ts';
import { partsOn } from '../harness/cli/runner-parts.ts';
import { projectRoot } from '../harness/cli/vitest.ts';
import { probeFabric } from '../harness/doctor/fabric-probe.ts';
import { dockerFabric } from '../harness/fabric/docker/docker-fabric.ts';
import { usualProofBytes } from '../harness/measure/traffic.ts';
import { beginRun, endRun } from '../harness/reaper/run.ts';
import type { CellRecord } from '../harness/record.ts';
import { RunDirectory } from '../harness/records/run-directory.ts';
import type { RunEvent } from '../harness/runner/parts.ts';
import { plan } from '../harness/runner/plan.ts';
import { type RunOutcome, runCells } from '../harness/runner/runner.ts';
import { timedParts } from './instruments.ts';
import { cellAccount, median, type Span, type StepTimes, stepTimes } from './spans.ts';

/**
 * Where the time of a cell goes: plays one cell again and again in one lab, as `npm test` does, and prints each
 * step's median. The ratio compares it with a program in a node that does nothing, timed in the same run: on
 * another machine, or under another load, the milliseconds change and the ratios hardly do.
 *
 *     node bench/cell-time.ts [CELL] [TIMES]
 */
const [id = 'office-nat', times = '10'] = process.argv.slice(2);

interface Account {
  readonly outcome: RunOutcome;
  /** One list for each cell that was played, in order. */
  readonly cells: readonly (readonly Span[])[];
  /** After the last cell. */
  readonly end: readonly Span[];
  /** Milliseconds of programs that do nothing. */
  readonly idle: readonly number[];
}

async function play(): Promise<Account> {
  const note = (text: string) => console.log(text);
  const run = await beginRun(projectRoot);
  const results = mkdtempSync(join(tmpdir(), 'crossnat-cell-time-'));
  const records = new RunDirectory(results, run.id);
  const { signal } = new AbortController();
  const cells: Span[][] = [];
  const idle: number[] = [];
  let spans: Span[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.event !== 'cell-ended' || event.record.canary) return;
    cells.push(cellAccount(event.record, performance.now(), spans));
    spans = [];
  };
  try {
    const probe = await probeFabric(run, signal, note);
    const parts = timedParts(
      partsOn(dockerFabric(run, note), usualProofBytes),
      (span) => spans.push(span),
      idle,
    );
    const options = {
      seed: 'cell-time',
      keep: false,
      jobs: 1,
      bail: true,
      throughput: false,
      keys: false,
      attemptUnsupported: false,
      probe,
      versions: {},
    };
    const planned = plan([parseCellId(id)], Number(times));
    const outcome = await runCells(parts, records, planned, options, signal, onEvent);
    if (outcome.failure) throw outcome.failure.error;
    return { outcome, cells, end: spans, idle };
  } finally {
    records.close();
    rmSync(results, { recursive: true });
    await endRun(run);
  }
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function table(steps: readonly StepTimes[], unit: number): string {
  const row = (what: string, numbers: readonly string[]) =>
    `${what.padEnd(62)}${numbers.map((text) => text.padStart(8)).join('')}`;
  const lines = steps.map((step) =>
    row(step.what, [
      ...[step.from, step.median, step.least, step.most].map((ms) => Math.round(ms).toString()),
      (step.median / unit).toFixed(1),
    ]),
  );
  return [row('', ['from', 'median', 'least', 'most', 'ratio']), ...lines].join('\n');
}

function rates(records: readonly CellRecord[]): string {
  const of = (way: 'upMbps' | 'downMbps') =>
    median(records.flatMap(({ observed }) => observed?.traffic?.[way] ?? [])).toFixed(0);
  return `${of('upMbps')} Mbit/s up, ${of('downMbps')} down`;
}

const loadBefore = load();
const { outcome, cells, end, idle } = await play();
const { records, labs } = outcome;
const [first = [], ...later] = cells;
const unit = median(idle);
const passed = records.filter(({ verdict }) => verdict === 'pass').length;

console.log(`
${id}: ${records.length} cells, ${passed} pass; proof of traffic ${rates(records)} (medians)
machine: ${availableParallelism()} processors (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, load ${loadBefore} before and ${load()} after
a program that does nothing in a node: median ${Math.round(unit)} ms, least ${Math.round(Math.min(...idle))} ms of ${idle.length}
topology: up with both peers in ${Math.round(labs[0]?.upMs ?? Number.NaN)} ms
`);
console.log(
  `Later cells, milliseconds; steps that begin together overlap\n${table(stepTimes(later), unit)}\n`,
);
console.log(`The first cell, with the topology\n${table(stepTimes([first]), unit)}\n`);
console.log(`After the last cell\n${table(stepTimes([end]), unit)}`);
for (const { verdict, why } of records) if (verdict !== 'pass') console.log(`${verdict}: ${why}`);
