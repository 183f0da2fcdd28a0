import { type Cell, cell } from '../harness/cell.ts';
import { everyTopology } from './every-topology.ts';

/** The client behind NAT, which cannot do without NAT-T; and the first foreign witness. */
export const cells: readonly Cell[] = [
  ...everyTopology('hotel-nat'),
  cell('hotel-nat', { natt: 'off' }),
  cell('hotel-nat', { password: 'wrong' }),
  cell('hotel-nat', { responder: 'softether' }),
];
