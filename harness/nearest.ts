import { closest, distance } from 'fastest-levenshtein';

/** The known name most like `given`, or `undefined` when none is near enough to be what was meant. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(given.toLowerCase(), known);
  // Up to a third of the letters may be wrong; beyond that a suggestion misleads more than it helps.
  const tolerated = Math.max(1, Math.ceil(Math.max(given.length, best.length) / 3));
  return distance(given.toLowerCase(), best) <= tolerated ? best : undefined;
}
