import { existsSync } from 'node:fs';
import Table from 'cli-table3';
import logUpdate from 'log-update';
import { findingsDirectory, readFinding, writeFinding } from './findings.ts';
import { faultOf } from './fuzz.ts';
import { readOptions } from './options.ts';
import { type RunOptions, type RunOutcome, run, type Tally } from './run.ts';
import { targets } from './targets.ts';

/** `npm run fuzz`: see `--help`, and docs/fuzzing.md. */
const request = readOptions(process.argv.slice(2), targets);
if (request.does === 'stop') process.exitCode = request.exitCode;
else if (request.does === 'replay') process.exitCode = replay(request.file, request.target);
else process.exitCode = await fuzzAll(request);

function replay(file: string, named: string | undefined): number {
  if (!existsSync(file)) {
    console.error(`there is no file ${file}`);
    return 2;
  }
  const { target: own, input } = readFinding(file);
  const target = targets.find(({ name }) => name === (named ?? own));
  if (target === undefined) {
    console.error(`${file} does not say whose input it is: add --target`);
    return 2;
  }
  const found = faultOf(target, input);
  console.log(
    found === undefined ? `${target.name} stands it` : `${target.name} ${found.fault}: ${found.stack}`,
  );
  return found === undefined ? 0 : 1;
}

async function fuzzAll(options: RunOptions): Promise<number> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  const began = performance.now();
  const rssBefore = process.memoryUsage.rss();
  const seconds = () => (performance.now() - began) / 1000;
  const wanted = options.tasks.reduce((sum, { inputs }) => sum + inputs, 0);
  let told = -1;
  const outcome = await run(options, interrupt.signal, (tallies, findings) => {
    const line = `${Math.round(seconds())} s: ${totalOf(tallies)} of ${wanted} inputs, ${findings.length} findings`;
    if (process.stdout.isTTY) logUpdate(line);
    else if (Math.floor(seconds() / 30) > told) {
      told = Math.floor(seconds() / 30);
      console.log(line);
    }
  });
  if (process.stdout.isTTY) logUpdate.clear();
  console.log(tableOf(outcome));
  const megabytes = (octets: number) => `${(octets / 2 ** 20).toFixed(1)} MB`;
  console.log(
    [
      `${totalOf(outcome.tallies)} inputs in ${Math.round(seconds())} s, ${options.workers} workers, seed ${JSON.stringify(options.seed)}`,
      `guided work reached ${outcome.blocks} blocks of the stack's code`,
      `a worker held ${megabytes(outcome.heldFirst)} after its first assignment and ${megabytes(outcome.heldLast)} at the most; the process ${megabytes(rssBefore)} before, ${megabytes(process.memoryUsage.rss())} after`,
    ].join('\n'),
  );
  const again = `npm run fuzz -- --seed ${options.seed} --inputs ${wanted}`;
  for (const finding of outcome.findings) {
    for (const line of writeFinding(finding, findingsDirectory, again)) console.log(line);
  }
  if (outcome.findings.length > 0) return 1;
  console.log(outcome.interrupted ? 'interrupted; nothing found until then' : 'nothing found');
  return outcome.interrupted ? 130 : 0;
}

function totalOf(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { inputs }) => sum + inputs, 0);
}

function tableOf({ tallies, findings }: RunOutcome): string {
  const table = new Table({
    head: ['target', 'inputs', 'datagrams', 'inputs/s', 'kept', 'findings'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { target, inputs, datagrams, workedMs, kept } of tallies) {
    const found = findings.filter((finding) => finding.target === target).length;
    const rate = workedMs === 0 ? 0 : Math.round((1000 * inputs) / workedMs);
    table.push([target, inputs, datagrams, rate, kept, found]);
  }
  return table.toString();
}
