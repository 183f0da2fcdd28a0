import { type Cell, cell } from '../harness/cell.ts';
import { everyTopology } from './every-topology.ts';

/** No NAT: NAT-T falls back to ESP as protocol 50 by itself. The weak order first connects, with a warning. */
export const cells: readonly Cell[] = [
  ...everyTopology('direct'),
  cell('direct', { p2: '4-3-2-1' }),
  cell('direct', { password: 'wrong' }),
];
