import type { Instant } from '../engine.ts';

/** The first deadline of several engines; absent engines have none. */
export function earliest(
  engines: Iterable<{ deadline(): Instant | undefined } | undefined>,
): Instant | undefined {
  let first: Instant | undefined;
  for (const engine of engines) {
    const deadline = engine?.deadline();
    if (deadline !== undefined && (first === undefined || deadline < first)) first = deadline;
  }
  return first;
}
