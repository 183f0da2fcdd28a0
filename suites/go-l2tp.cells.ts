import { type Cell, cell } from '../harness/cell.ts';

const client = 'go-l2tp';

/** A second L2TP that is not ours, as far as it goes: toward our LNS through NAT, and as the control toward xl2tpd. */
export const cells: readonly Cell[] = [
  cell('direct', { client, responder: 'strongswan' }),
  cell('hotel-nat', { client }),
];
