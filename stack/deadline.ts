import type { Instant } from './engine.ts';

/** The first of several deadlines, where `undefined` is none; `undefined` where all are. */
export function earliest(deadlines: Iterable<Instant | undefined>): Instant | undefined {
  let first: Instant | undefined;
  for (const deadline of deadlines) {
    if (deadline !== undefined && (first === undefined || deadline < first)) first = deadline;
  }
  return first;
}
