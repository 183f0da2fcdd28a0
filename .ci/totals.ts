import { readFileSync } from 'node:fs';
import { type RunSummary, summarySchema } from '../harness/records/summary.ts';

/**
 * The last line of `.ci/run`: units and cells together. What could not be played (unavailable, broken, not run)
 * failed here, whatever a run at somebody's desk allows; so does every step before the tests that failed, and a
 * run without a summary.
 */
export function totals(summary: RunSummary | undefined, failedSteps: number): string {
  const { passed = 0, failed = 0 } = summary ?? {};
  const untested = summary ? summary.counts.unavailable + summary.disputed.unavailable + summary.notRun : 0;
  // A canary that passed, an interruption: what makes a run worthless without being anybody's failure.
  const worthless = failed + untested === 0 && summary?.exitStatus !== 0 ? 1 : 0;
  return `${passed} passed, ${failed + untested + worthless + failedSteps} failed`;
}

/** The summary of this file; `undefined` where there is none or it is not one. */
export function readSummary(file: string): RunSummary | undefined {
  try {
    return summarySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const [file = '', failedSteps = '0'] = process.argv.slice(2);
  const line = totals(readSummary(file), Number(failedSteps));
  console.log(line);
  process.exitCode = line.endsWith(', 0 failed') && !line.startsWith('0 passed') ? 0 : 1;
}
