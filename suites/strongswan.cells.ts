import { type Cell, cell } from '../harness/cell.ts';

const strongswan = 'strongswan';

/**
 * Two beside each other. With ports of their own they pass, and with one port where the responder looks at more than
 * address and port; strongSwan does with marks, and without them what becomes of the two is declared.
 */
const behindOneNat: readonly Cell[] = [
  cell('shared-nat', { clients: 2, client: strongswan, responder: strongswan }),
  cell('shared-nat', { clients: 2, client: strongswan, responder: strongswan, sourceport: 'distinct' }),
  cell('shared-nat', { clients: 2, client: 'ts:plain', responder: strongswan, sourceport: 'distinct' }),
  cell('shared-nat', { clients: 2, client: strongswan, responder: 'strongswan-6:connmark' }),
  cell('shared-nat', { clients: 2, client: strongswan, responder: 'softether' }),
  cell('shared-nat', { clients: 2, client: strongswan }),
];

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
  ...behindOneNat,
];
