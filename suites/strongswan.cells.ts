import { type Cell, cell } from '../harness/cell.ts';

const strongswan = 'strongswan';

/**
 * strongSwan as the office's responder to a Windows client, as a client of the AlliedWare router, and among
 * strangers: where these controls fail too, it is not our stack.
 */
export const cells: readonly Cell[] = [
  cell('direct', { responder: strongswan }),
  cell('direct', { client: strongswan }),
  cell('hotel-nat', { responder: strongswan }),
  cell('hotel-nat', { client: strongswan, responder: strongswan }),
  cell('hotel-nat', { client: strongswan, responder: 'softether' }),
  cell('office-nat', { responder: strongswan }),
  cell('office-nat', { client: strongswan }),
];
