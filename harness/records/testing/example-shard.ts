import { type RunPlan, selectionOf } from '../run-plan.ts';

/** For tests: the cells of a run that was divided in two. */
export const allCells = ['direct', 'direct/p2=1', 'hotel-nat', 'office-nat'].map((cell) => ({
  cell,
  repeat: 1,
}));
const halves = [allCells.slice(0, 2), allCells.slice(2)];

/** The plan of its first or second half, with what a test changes. */
export function examplePlan(index: number, changes: Partial<RunPlan> = {}): RunPlan {
  return {
    schema: 1,
    command: 'npm test -- --matrix --shard 1/2',
    checkout: 'abc',
    fabric: 'embedded',
    seed: '1',
    selection: selectionOf(allCells),
    shard: { index, of: 2 },
    cells: halves[index - 1] ?? [],
    ...changes,
  };
}
