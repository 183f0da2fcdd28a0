import type { Instant } from '../engine.ts';

/** Milliseconds since this process began, with fractions; changes of the system time do not touch it. */
export function monotonicNow(): Instant {
  return performance.now();
}
