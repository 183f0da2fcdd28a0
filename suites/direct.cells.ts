import { type Cell, cell } from '../harness/cell.ts';
import { everyTopology } from './every-topology.ts';

/** No NAT: NAT-T falls back to ESP as protocol 50 by itself. */
export const cells: readonly Cell[] = [...everyTopology('direct'), cell('direct', { password: 'wrong' })];
