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
    if (axis === 'client' || axis === 'responder') continue;
    const less = lessOf(axis, twin).map((value): Cell => ({ ...twin, [axis]: value }));
    twin = less.find((without) => declined(without) !== declined(twin)) ?? twin;
  }
  if (declined(twin) !== undefined) return undefined;
  const wanted = (of: Cell) => JSON.stringify(expect(of).map(({ outcome, checks }) => ({ outcome, checks })));
  return wanted(twin) === wanted(cell) ? twin : undefined;
}

/** Values of an axis that ask for less than a cell does, the nearest first. */
function lessOf(axis: (typeof axes)[number], cell: Cell): readonly Cell[typeof axis][] {
  const parts = axis === 'p1' ? cell.p1.split('+') : [];
  const oneLess = parts.length > 1 ? parts.map((_, at) => parts.toSpliced(at, 1).join('+')) : [];
  const oneSide = axis === 'natt' && cell.natt === 'off' ? ['client-off', 'responder-off'] : [];
  return [...oneLess, ...oneSide, axisDefaults[axis]];
}
