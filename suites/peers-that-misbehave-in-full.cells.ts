import { type Cell, cell } from '../harness/cell.ts';
import { impairmentTable } from '../harness/impairment-table.ts';
import { cells as ofTheGate } from './peers-that-misbehave.cells.ts';

export const tier = 'nightly';

const played = ofTheGate.map(({ impair }) => impair.split(':')[0]);

/** Each impairment that the gate does not play, with its usual values, by the end that usually does. */
export const cells: readonly Cell[] = impairmentTable()
  .filter(({ name }) => !played.includes(name))
  .map(({ name }) => cell('office-nat', { impair: name }));
