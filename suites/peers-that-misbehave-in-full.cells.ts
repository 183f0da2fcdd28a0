import { type Cell, cell } from '../harness/cell.ts';
import { impairmentTable } from '../harness/impairment-table.ts';

export const tier = 'nightly';

/** Each impairment with its usual values, played by the end that usually does. */
export const cells: readonly Cell[] = impairmentTable().map(({ name }) =>
  cell('office-nat', { impair: name }),
);
