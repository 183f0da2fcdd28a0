import { type Cell, cell } from '../harness/cell.ts';
import { everyTopology } from './every-topology.ts';
import { officeBehindNat } from './office-behind-nat.ts';

/** The main job: the main office's router behind a NAT gateway with pinholes. Rule 1 of the Windows client is enough. */
export const cells: readonly Cell[] = [
  ...everyTopology('office-nat'),
  ...officeBehindNat('office-nat'),
  cell('office-nat', { rule: '1' }),
  // Out to the Internet through the tunnel, from the office's own address (rule TRAF-1).
  cell('office-nat', { browse: 'internet' }),
];
