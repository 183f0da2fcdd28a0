import { axes, axisDefaults, type Cell } from '../cell.ts';
import type { Expectation } from '../expectation.ts';

/** What a twin is looked for with. */
export interface TwinSources {
  /** Why the peers decline a cell; `undefined` where they do not. */
  readonly declined: (cell: Cell) => string | undefined;
  /** For each of the cell's clients. */
  readonly expect: (cell: Cell) => readonly Expectation[];
}

/**
 * The cell that differs from a declined one only where its peers decline it, and of which the rule table expects the
 * very same; `undefined` where it expects something else. Where there is such a twin, a pass does not show that what
 * was declined took place: a driver that leaves a setting out plays the twin.
 */
export function playableTwin(cell: Cell, { declined, expect }: TwinSources): Cell | undefined {
  let twin = cell;
  for (const axis of axes) {
    const without: Cell = { ...twin, [axis]: axisDefaults[axis] };
    if (axis !== 'client' && axis !== 'responder' && declined(without) !== declined(twin)) twin = without;
  }
  if (declined(twin) !== undefined) return undefined;
  const wanted = (of: Cell) => JSON.stringify(expect(of).map(({ outcome, checks }) => ({ outcome, checks })));
  return wanted(twin) === wanted(cell) ? twin : undefined;
}
