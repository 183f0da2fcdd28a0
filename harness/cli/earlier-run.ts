import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { type Cell, parseCellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import { type CellRecord, worksAfterAll } from '../record.ts';
import { readRecords } from '../records/read.ts';
import { readSummary } from '../records/read-summary.ts';
import { resultsFileName } from '../records/run-directory.ts';
import { type PlannedId, plannedName, type RunPlan, readRunPlan } from '../records/run-plan.ts';
import { isJudged, lacksCanary } from '../runner/canary.ts';
import type { PlannedCell } from '../runner/plan.ts';
import { projectRoot } from './vitest.ts';

/** A run that stopped before its end, and what of its plan has no record yet. */
export interface EarlierRun {
  /** The directory in which runs have theirs. */
  readonly results: string;
  readonly run: string;
  readonly plan: RunPlan;
  /** With its canary. */
  readonly records: readonly CellRecord[];
  /** None where all that it lacks is its end. */
  readonly open: readonly PlannedCell[];
}

/**
 * Reads the run to resume: a path, or the name of a run under `results`. Throws where it is of another checkout, where
 * it came to its end, or where it cannot be read.
 */
export function runToResume(given: string, results: string, checkout: string): EarlierRun {
  const directory = runDirectory(given, results);
  const plan = readRunPlan(directory);
  if (plan.checkout !== checkout) {
    throw notResumed(
      `${directory} was begun on checkout ${plan.checkout}, and this is ${checkout}`,
      `What was recorded is kept. Go back to that checkout, or begin anew: ${plan.command}`,
    );
  }
  const file = join(directory, resultsFileName);
  const records = existsSync(file) ? readRecords(file) : [];
  const have = new Set(records.filter(({ canary }) => !canary).map(plannedName));
  const open = plan.cells.filter((planned) => !have.has(plannedName(planned)));
  if (open.length === 0) {
    if (cameToItsEnd(directory, records)) {
      throw notResumed(`every cell of ${directory} has its record`, `Play it anew: ${plan.command}`);
    }
    open.push(...besideCanary(records));
  }
  return {
    results: dirname(directory),
    run: basename(directory),
    plan,
    records,
    open: open.map(({ cell, repeat }) => ({ cell: parseCellId(cell), repeat })),
  };
}

function cameToItsEnd(directory: string, records: readonly CellRecord[]): boolean {
  try {
    return !readSummary(directory).interrupted && !lacksCanary(records);
  } catch {
    // It was killed before it wrote its summary, or while it did.
    return false;
  }
}

/** A canary is played beside a cell of its run: where it alone is missing, that cell once more. */
function besideCanary(records: readonly CellRecord[]): PlannedId[] {
  return lacksCanary(records) ? records.filter(isJudged).slice(-1) : [];
}

/** The cells that failed in the last run. Throws a usage error where there was none, or nothing failed in it. */
export function lastFailed(results: string): Cell[] {
  const directory = resolve(projectRoot, results, 'latest');
  const file = join(directory, resultsFileName);
  if (!existsSync(file)) {
    throw usage('looking for what failed last', `there is no run in ${directory}`, 'Run some cells first');
  }
  const failed = readRecords(file).filter(
    (record) =>
      !record.canary &&
      (['fail', 'broken'].includes(record.verdict) || record.flaky || worksAfterAll(record)),
  );
  if (failed.length === 0) {
    const run = basename(realpathSync(directory));
    throw usage('looking for what failed last', `nothing failed in ${run}`, 'Leave --last-failed out');
  }
  return [...new Set(failed.map(({ cell }) => cell))].map(parseCellId);
}

/** The directory of a run that somebody names, without links in it. */
export function runDirectory(given: string, results: string): string {
  const named = [
    isAbsolute(given) ? given : resolve(given),
    resolve(projectRoot, given),
    resolve(projectRoot, results, given),
  ];
  const directory = named.find((path) => existsSync(path));
  if (directory !== undefined) return realpathSync(directory);
  throw usage(
    'looking for a run',
    `there is no directory ${given}, and no run of that name in ${resolve(projectRoot, results)}`,
    'Name the directory of a run: results/latest, for example',
  );
}

function notResumed(found: string, remedy: string): CrossnatError {
  return usage('resuming a run', found, remedy);
}

function usage(doing: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', { doing, found, remedy });
}
