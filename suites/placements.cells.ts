import { type Cell, cell } from '../harness/cell.ts';

/** One cell of each placement beyond the How-To's own: what must connect there, or must not. The rest is in `placements-in-full.cells.ts`. */
export const cells: readonly Cell[] = [
  cell('carrier-nat'),
  cell('symmetric-nat'),
  cell('filtering-gateway', { nat: 'pinholes' }),
  cell('hotel-nat-filter', { nat: 'tcp-50' }),
  cell('same-subnet'),
  cell('rebinding-nat'),
];
