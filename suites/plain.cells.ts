import { type Cell, cell } from '../harness/cell.ts';
import { peers } from '../harness/peers/registry.ts';

export const tier = 'nightly';

const responder = 'ts:plain';
/** Every peer of the registry that is not ours and dials. */
const clients = [...peers.values()]
  .filter(({ name, roles }) => name !== 'ts' && roles.includes('client'))
  .map(({ name }) => name);

/**
 * Our stack as a responder with everything that it speaks, for strangers that share no group or no hash with an
 * AlliedWare router: every client over every placement of NAT, two of them behind one, and each of the How-To's SA
 * specifications alone. What a client declares not to do is listed all the same, and counted as unsupported.
 */
export const cells: readonly Cell[] = clients.flatMap((client) => [
  ...['direct', 'hotel-nat', 'office-nat', 'both-nat'].map((topology) =>
    cell(topology, { client, responder }),
  ),
  ...['1', '2', '3', '4'].map((p2) => cell('hotel-nat', { client, responder, p2 })),
  cell('shared-nat', { client, responder, clients: 2 }),
]);
