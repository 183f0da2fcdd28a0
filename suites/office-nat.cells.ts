import type { Cell } from '../harness/cell.ts';
import { everyTopology } from './every-topology.ts';
import { officeBehindNat } from './office-behind-nat.ts';

/** The main job: the main office's router behind a NAT gateway with pinholes. */
export const cells: readonly Cell[] = [...everyTopology('office-nat'), ...officeBehindNat('office-nat')];
