import { type Cell, cell } from '../harness/cell.ts';

/** Two clients at two places, with the same private address: both connect, and both keep passing traffic. */
export const cells: readonly Cell[] = [
  cell('sales-people', { clients: 2 }),
  cell('sales-people', { clients: 2, psk: 'wrong' }),
];
