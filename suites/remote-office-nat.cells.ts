import type { Cell } from '../harness/cell.ts';
import { everyTopology } from './every-topology.ts';

/** A small office with a LAN of its own behind its NAT gateway. */
export const cells: readonly Cell[] = everyTopology('remote-office-nat');
