import { cpSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CrossnatError } from '../error.ts';
import type { CellRecord } from '../record.ts';
import { readRecords } from '../records/read.ts';
import { readSummary } from '../records/read-summary.ts';
import { RunDirectory, resultsFileName } from '../records/run-directory.ts';
import { plannedName, readRunPlan, runPlanFile } from '../records/run-plan.ts';
import { checkShards, type ShardRun } from '../records/shards.ts';
import type { RunSummary } from '../records/summary.ts';
import { canaryComplaint, lacksCanary } from '../runner/canary.ts';
import { loadTopology } from '../topologies.ts';
import { disagreementTexts } from './agreement-text.ts';
import { attemptTexts } from './attempt-text.ts';
import { runDirectory } from './earlier-run.ts';
import { exit, exitStatus } from './exit-status.ts';
import { failureTexts } from './failing-cells.ts';
import { failureSummary, failureSummaryTexts } from './failure-summary.ts';
import { newRunName } from './run-name.ts';
import { runSummary } from './run-summary.ts';
import { counted, labTimesTexts, totalsText } from './summary-text.ts';
import { projectRoot } from './vitest.ts';

/**
 * `npm run merge -- RUN...`: joins the shards of a run into a run of its own beside them, with their evidence, and
 * judges it as one. The shards stay as they are. Gives the exit status of the whole; throws before anything is
 * written where these are not all shards of one run, each whole.
 */
export function mergeCommand(runs: readonly string[], results: string): number {
  const shards = runs
    .map((given) => shardRun(runDirectory(given, results)))
    .toSorted((a, b) => indexOf(a) - indexOf(b));
  checkShards(shards);
  for (const shard of shards) checkCanary(shard);
  const summaries = shards.map(({ directory }) => readSummary(directory));
  const plans = shards.map(({ plan }) => plan);
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
    return concluded(shards, summaries, joined, directory, first.command);
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
  summaries: readonly RunSummary[],
  { played }: Joined,
  directory: RunDirectory,
  command: string,
): number {
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
    ...failureTexts(played.map(inRun(directory.run)), dirname(directory.path)),
    ...failureSummaryTexts(failures),
    ...attemptTexts(played),
    ...disagreementTexts(agreement),
    ...labTimesTexts(summary),
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

/** Its files are copied there. */
function inRun(run: string): (record: CellRecord) => CellRecord {
  return (record) => ({ ...record, run });
}

function indexOf({ plan }: ShardRun): number {
  return plan.shard?.index ?? 1;
}

/** A run that was killed behind its last cell has every record, and has not shown that it can say no. */
function checkCanary({ directory, records }: ShardRun): void {
  if (!lacksCanary(records)) return;
  throw new CrossnatError('usage', {
    doing: 'merging the shards of a run',
    found: `${directory} ended before its canary`,
    remedy: `npm test -- --resume ${directory} plays it`,
  });
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
