import type { Writable } from 'node:stream';
import { z } from 'zod';
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
  const outside = errors.map((error) => `outside any test: ${errorText(error)}`);
  return {
    ...counts,
    failed: counts.failed + errors.length,
    failures: [...counts.failures, ...outside],
  };
}

/** What vitest gives of an error is no Error of this process; of a set-up that failed the lines behind the first say more. */
function errorText(error: unknown): string {
  const { message } = z
    .looseObject({ message: z.string() })
    .catch({ message: String(error) })
    .parse(error);
  return message.replaceAll(/\s*\n\s*/g, ' / ').slice(0, 1000);
}
