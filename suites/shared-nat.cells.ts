import { type Cell, cell } from '../harness/cell.ts';

/**
 * Several clients behind one NAT: one alone as the control, two that both speak L2TP from port 1701 (RFC 3948 5.2),
 * two with a port of their own each, as many as the topology has; the same two against a stranger; and two with a
 * wrong key, of which neither may connect.
 */
export const cells: readonly Cell[] = [
  cell('shared-nat'),
  cell('shared-nat', { clients: 2 }),
  cell('shared-nat', { clients: 2, sourceport: 'distinct' }),
  cell('shared-nat', { clients: 5 }),
  cell('shared-nat', { clients: 2, responder: 'softether' }),
  cell('shared-nat', { clients: 2, psk: 'wrong' }),
];
