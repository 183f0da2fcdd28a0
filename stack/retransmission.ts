/**
 * When a message that stays unanswered goes again: the first gap, then each gap times `backoff`. The
 * harness may shorten the gaps by a factor, which the record then names.
 */
export interface RetransmissionTiming {
  readonly firstGapMs: number;
  readonly backoff: number;
  readonly maximumGapMs: number;
  /** In all, the first one counted. */
  readonly transmissions: number;
}

/** Milliseconds to wait after the given transmission (1 is the first) before the next one. */
export function gapAfter(timing: RetransmissionTiming, transmission: number): number {
  const gap = timing.firstGapMs * timing.backoff ** Math.max(0, transmission - 1);
  return Math.min(gap, timing.maximumGapMs);
}

/** Milliseconds from the first transmission until the sender gives up: the full retransmission interval. */
export function wholeInterval(timing: RetransmissionTiming): number {
  let total = 0;
  for (let transmission = 1; transmission <= timing.transmissions; transmission++) {
    total += gapAfter(timing, transmission);
  }
  return total;
}
