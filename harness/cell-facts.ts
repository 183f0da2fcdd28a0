import { type Cell, callers } from './cell.ts';
import { clientFacts } from './facts/client.ts';
import { placementOf } from './facts/placement.ts';
import { responderFacts } from './facts/responder.ts';
import { impairmentOf } from './impairment.ts';
import type { CellFacts } from './oracle/facts.ts';
import type { Topology } from './topology.ts';

/**
 * What the rule table is told of a cell: placement from the topology, both peers from their profiles and
 * the cell's axes, for the client that dials as number `place`, from 0. Reads the profile files. Throws CrossnatError `usage` for a peer, profile, NAT
 * variant or impairment that nothing is declared of.
 */
export function factsOf(cell: Cell, topology: Topology, place: number): CellFacts {
  const impairment = impairmentOf(cell);
  return {
    placement: placementOf(cell, topology, place),
    client,
    responder,
    credentials: {
      preSharedKeysAgree: cell.psk === 'good',
      user: callers(cell)[place] ?? cell.user,
      passwordIsRight: cell.password === 'good',
    },
    clients: cell.clients,
    place,
    ...(impairment && {
      impairment: { end: impairment.end, name: impairment.name, values: impairment.values },
    }),
  };
}
