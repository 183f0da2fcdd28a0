import { StillWanted } from './still-wanted.ts';
import type { Covering, Factor, Setting, Wanted } from './wanted.ts';

/**
 * Rows for what stops of itself: each value that stops where everything else is as in `base`, and each pair of values
 * that does although neither of them does alone. Any row that stops shows such a pair to `covering`, and most stop for
 * the sake of a third value, before it could come to what these two bring about.
 *
 * @param base a row that does not stop
 * @param stopOf where and why a row stops; `undefined` where it does not, or is none
 */
export function stopping(
  factors: readonly Factor[],
  wanted: Wanted,
  base: readonly number[],
  stopOf: (row: readonly number[]) => string | undefined,
): Covering {
  const rowOf = (settings: readonly Setting[]) =>
    settings.reduce((row, [factor, value]) => row.with(factor, value), [...base]);
  const stopsAlone = remembered((setting: Setting) => stopOf(rowOf([setting])) !== undefined);
  const ofPairs = wanted.pairs
    .map(([first, a, second, b]): Setting[] => [
      [first, a],
      [second, b],
    ])
    .filter((settings) => !settings.some(stopsAlone));
  const kept: { readonly row: readonly number[]; readonly stop: string }[] = [];
  for (const settings of [...wanted.values.map((setting) => [setting]), ...ofPairs]) {
    const row = rowOf(settings);
    const stop = stopOf(row);
    const isShown = kept.some(
      (other) => other.stop === stop && settings.every(([factor, value]) => other.row[factor] === value),
    );
    if (stop !== undefined && !isShown) kept.push({ row, stop });
  }
  const rows = kept.map(({ row }) => row);
  return { rows, impossible: without(factors, wanted, rows) };
}

function remembered(holds: (setting: Setting) => boolean): (setting: Setting) => boolean {
  const known = new Map<string, boolean>();
  return (setting) => {
    const key = String(setting);
    const answer = known.get(key) ?? holds(setting);
    known.set(key, answer);
    return answer;
  };
}

/** What these rows do not show. */
function without(factors: readonly Factor[], wanted: Wanted, rows: readonly (readonly number[])[]): Wanted {
  const left = new StillWanted(factors, wanted);
  for (const row of rows) left.strike(row);
  return { pairs: [...left.takePairs()], values: [...left.values()] };
}
