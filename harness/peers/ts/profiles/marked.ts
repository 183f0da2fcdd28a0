import { z } from 'zod';

/** How sure a value of a profile is: verified in its source, derived, recalled, or disputed by the sources. */
export const confidence = z.enum(['V', 'D', 'R', '?']);

/**
 * A value of a profile with where it comes from. `otherReading` keeps what a second source says, where
 * the two contradict each other.
 */
export function marked<Schema extends z.ZodType>(value: Schema) {
  return z.strictObject({
    value,
    source: z.string().min(1),
    confidence,
    otherReading: z.strictObject({ value, source: z.string().min(1), confidence }).optional(),
  });
}
