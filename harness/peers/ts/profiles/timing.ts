import { z } from 'zod';
import type { RetransmissionTiming } from '../../../../stack/retransmission.ts';

export const retransmissionSchema = z.strictObject({
  firstGapMs: z.int().positive(),
  backoff: z.number().min(1),
  maximumGapMs: z.int().positive(),
  /** The first sending counts. */
  transmissions: z.int().positive(),
});

/** The same number of transmissions with every gap multiplied by the cell's timer factor (below 1: shorter). */
export function scaled(timing: RetransmissionTiming, timerFactor: number): RetransmissionTiming {
  return {
    ...timing,
    firstGapMs: Math.max(1, Math.round(timing.firstGapMs * timerFactor)),
    maximumGapMs: Math.max(1, Math.round(timing.maximumGapMs * timerFactor)),
  };
}
