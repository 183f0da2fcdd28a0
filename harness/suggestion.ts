import { nearest } from './nearest.ts';

/** `Did you mean office-nat? Known: a, b, c`: the remedy of every "unknown name" error. */
export function suggestion(typed: string, known: readonly string[]): string {
  const guess = nearest(typed, known) ?? known.find((name) => typed.length > 1 && name.startsWith(typed));
  const list = known.length === 0 ? 'None is known' : `Known: ${known.join(', ')}`;
  return guess === undefined ? list : `Did you mean ${guess}? ${list}`;
}
