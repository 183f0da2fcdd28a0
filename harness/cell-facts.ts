import type { Cell } from './cell.ts';
import { clientFacts } from './facts/client.ts';
import { placementOf } from './facts/placement.ts';
import { responderFacts } from './facts/responder.ts';
import type { CellFacts } from './oracle/facts.ts';
import type { Topology } from './topology.ts';

/**
 * What the rule table is told of a cell: placement from the topology, both peers from their profiles and
 * the cell's axes. Reads the profile files. Throws CrossnatError `usage` for a peer, profile or NAT
 * variant that nothing is declared of.
 */
export function factsOf(cell: Cell, topology: Topology): CellFacts {
  return {
    placement: placementOf(cell, topology),
    client: clientFacts(cell),
    responder: responderFacts(cell, topology),
    credentials: {
      preSharedKeysAgree: cell.psk === 'good',
      user: cell.user,
      passwordIsRight: cell.password === 'good',
    },
    clients: cell.clients,
    impaired: cell.impair !== 'none',
  };
}
