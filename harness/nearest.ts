import { distance } from 'fastest-levenshtein';

/** The known name a person most likely meant by `typed`, or `undefined` when none is near enough to suggest. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, edits: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  const tolerance = Math.ceil(typed.length * 0.4);
  if (best && best.edits <= tolerance && best.edits < best.name.length) return best.name;
  return known.find((name) => typed.length > 1 && name.startsWith(typed));
}

/** `Did you mean office-nat? Known: a, b, c`: the remedy of every "unknown name" error. */
export function suggestion(typed: string, known: readonly string[]): string {
  const guess = nearest(typed, known);
  const list = known.length === 0 ? 'None is known' : `Known: ${known.join(', ')}`;
  return guess === undefined ? list : `Did you mean ${guess}? ${list}`;
}
