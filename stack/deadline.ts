import type { Instant } from './engine.ts';

/** The first of several deadlines, where `undefined` is none; `undefined` where all are. */
export function earliest(deadlines: Iterable<Instant | undefined>): Instant | undefined {
  let first: Instant | undefined;
  for (const deadline of deadlines) first = sooner(first, deadline);
  return first;
}

/** The first of two. */
export function sooner(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b < a ? b : a;
}
