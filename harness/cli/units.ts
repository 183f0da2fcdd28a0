import type { Writable } from 'node:stream';
import type { UnitCounts } from '../records/summary.ts';
import { runVitest } from './vitest.ts';

/**
 * Runs the project's own tests with vitest's usual output: those that need nothing but Node and,
 * where an engine answers, those that need one. An error outside any test counts as a failed one.
 */
export async function runUnits(
  withEngine: boolean,
  output: Writable,
  signal: AbortSignal,
): Promise<UnitCounts> {
  const project = withEngine ? ['unit', 'docker'] : ['unit'];
  const { counts, errors } = await runVitest({ project }, output, signal);
  return {
    ...counts,
    failed: counts.failed + errors.length,
    failures: [...counts.failures, ...errors],
  };
}
