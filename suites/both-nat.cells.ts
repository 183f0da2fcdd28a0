import { type Cell, cell } from '../harness/cell.ts';
import { everyTopology } from './every-topology.ts';
import { officeBehindNat } from './office-behind-nat.ts';

/** NAT on both sides: rule 1 of the Windows client is not enough here. */
export const cells: readonly Cell[] = [
  ...everyTopology('both-nat'),
  ...officeBehindNat('both-nat'),
  cell('both-nat', { rule: '1', reading: 'a' }),
  cell('both-nat', { rule: '1', reading: 'b' }),
];
