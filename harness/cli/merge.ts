import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CrossnatError } from '../error.ts';
import type { CellRecord } from '../record.ts';
import { readRecords } from '../records/read.ts';
import { RunDirectory, resultsFileName } from '../records/run-directory.ts';
import { plannedName, readRunPlan, runPlanFile } from '../records/run-plan.ts';
import { checkShards, type ShardRun } from '../records/shards.ts';
import { type RunSummary, summarySchema } from '../records/summary.ts';
import { canaryComplaint } from '../runner/canary.ts';
import { loadTopology } from '../topologies.ts';
import { disagreementTexts } from './agreement-text.ts';
import { attemptTexts } from './attempt-text.ts';
import { runDirectory } from './earlier-run.ts';
import { exit, exitStatus } from './exit-status.ts';
import { failureSummary, failureSummaryTexts } from './failure-summary.ts';
import { newRunName } from './run-name.ts';
import { runSummary } from './run-summary.ts';
import { counted, failureTexts, totalsText } from './summary-text.ts';
import { projectRoot } from './vitest.ts';

/**
 * `npm run merge -- RUN...`: joins the shards of a run into a run of its own beside them, with their evidence, and
 * judges it as one. The shards stay as they are. Gives the exit status of the whole.
 */
export function mergeCommand(runs: readonly string[], results: string): number {
  const shards = runs.map((given) => shardRun(runDirectory(given, results)));
  checkShards(shards);
  const plans = shards
    .map(({ plan }) => plan)
    .toSorted((a, b) => (a.shard?.index ?? 1) - (b.shard?.index ?? 1));
  const [first] = plans;
  if (!first) return 0;
  const joined = joinedRecords(shards);
  const directory = new RunDirectory(resolve(projectRoot, results), newRunName());
  try {
    for (const record of joined.all) directory.append(record);
    for (const shard of shards) copyEvidence(shard.directory, directory.path);
    const { shard: _, ...whole } = first;
    const plan = { ...whole, cells: plans.flatMap(({ cells }) => cells) };
    directory.writeFile(runPlanFile, `${JSON.stringify(plan, null, 2)}\n`);
    return concluded(shards, joined, directory, first.command);
  } finally {
    directory.close();
  }
}

interface Joined {
  /** With every canary. */
  readonly all: readonly CellRecord[];
  readonly played: readonly CellRecord[];
}

/** Of each cell its last record: a cell that was played again has one for each time. */
function joinedRecords(shards: readonly ShardRun[]): Joined {
  const all = shards.flatMap(({ records }) => records);
  const cells = all.filter(({ canary }) => !canary);
  const played = [...new Map(cells.map((record) => [plannedName(record), record])).values()];
  return { all: [...played, ...all.filter(({ canary }) => canary)], played };
}

function concluded(
  shards: readonly ShardRun[],
  { played }: Joined,
  directory: RunDirectory,
  command: string,
): number {
  const summaries = shards.map(({ directory: of }) => summaryOf(of));
  const complaints = shards.flatMap((shard) => {
    const complaint = complaintOf(shard);
    return complaint === undefined ? [] : [`${shard.directory}: ${complaint}`];
  });
  const agreements = summaries.flatMap(({ agreement: of }) => of ?? []);
  const agreement = {
    compared: agreements.reduce((sum, { compared }) => sum + compared, 0),
    disagreements: agreements.flatMap(({ disagreements }) => disagreements),
  };
  const canaries = shards.flatMap((shard) => canaryOf(shard) ?? []);
  // One that did not fail speaks for all of them.
  const canary = canaries.find(({ verdict }) => verdict !== 'fail') ?? canaries[0];
  const failures = failureSummary(played, loadTopology);
  const status = exitStatus({
    records: played,
    units: undefined,
    disagreements: agreement.disagreements.length,
    interrupted: false,
    complaint: complaints[0],
    // Where a shard did not mind, nobody does.
    allowUnavailable: summaries.every(({ exitStatus: of }) => of !== exit.broken),
  });
  const starts = summaries.map(({ startedAt }) => Date.parse(startedAt));
  const frame = {
    run: directory.run,
    command,
    startedAt: new Date(Math.min(...starts)),
    durationMs:
      Math.max(...summaries.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs)) -
      Math.min(...starts),
    exitStatus: status,
    interrupted: false,
    agreement: agreements.length > 0 ? agreement : undefined,
  };
  const outcome = {
    records: played,
    canary,
    labs: summaries.flatMap(({ labs }) => labs),
    notRun: [],
    failure: undefined,
  };
  const summary = runSummary(frame, outcome, undefined, failures);
  const lines = [
    `${counted(shards.length, 'shard')} joined`,
    ...failureTexts(played),
    ...failureSummaryTexts(failures),
    ...attemptTexts(played),
    ...disagreementTexts(agreement),
    ...totalsText(summary, directory.path),
    ...complaints.map((complaint) => `This run is broken: ${complaint}.`),
  ];
  for (const line of lines) console.log(line);
  directory.writeSummary(summary);
  return status;
}

function shardRun(directory: string): ShardRun {
  const plan = readRunPlan(directory);
  const file = join(directory, resultsFileName);
  return { directory, plan, records: existsSync(file) ? readRecords(file) : [] };
}

function canaryOf({ records }: ShardRun): CellRecord | undefined {
  return records.findLast(({ canary }) => canary);
}

/** A shard without cells has nothing to show, and needs no canary. */
function complaintOf(shard: ShardRun): string | undefined {
  return canaryComplaint(
    shard.records.filter(({ canary }) => !canary),
    canaryOf(shard),
  );
}

/** Captures and logs go into one directory: no two shards have a cell in common, and what all call canary is the same. */
function copyEvidence(from: string, to: string): void {
  const cells = join(from, 'cells');
  if (existsSync(cells)) cpSync(cells, join(to, 'cells'), { recursive: true });
}

function summaryOf(directory: string): RunSummary {
  const file = join(directory, 'summary.json');
  const read = existsSync(file) ? summarySchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  if (read?.success) return read.data;
  throw new CrossnatError('bad-data', {
    doing: `reading ${file}`,
    found: read ? 'it is of another version' : 'it is not there: the run did not come to its end',
    remedy: `npm test -- --resume ${directory} brings the run to its end`,
  });
}
