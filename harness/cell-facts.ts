import { type Cell, callers } from './cell.ts';
import { clientFacts } from './facts/client.ts';
import { placementOf } from './facts/placement.ts';
import { responderFacts } from './facts/responder.ts';
import { impairmentOf } from './impairment.ts';
import type { CellFacts, ClientFacts, ResponderFacts } from './oracle/facts.ts';
import type { Topology } from './topology.ts';

/**
 * What the rule table is told of a cell: placement from the topology, both peers from their profiles and
 * the cell's axes, for the client that dials as number `place`, from 0. Reads the profile files. Throws CrossnatError `usage` for a peer, profile, NAT
 * variant or impairment that nothing is declared of.
 */
export function factsOf(cell: Cell, topology: Topology, place: number): CellFacts {
  const impairment = impairmentOf(cell);
  const client = clientFacts(cell, place);
  const responder = responderFacts(cell, topology);
  const users = callers(cell);
  return {
    placement: placementOf(cell, topology, place),
    client,
    responder,
    credentials: {
      preSharedKeysAgree: keysAgree(cell, client, responder),
      ...(cell.psk === 'special' && { keyIsSpecial: true as const }),
      user: users[place] ?? cell.user,
      ...(place > 0 && { before: users.slice(0, place) }),
      ...(cell.callers === 'same' && cell.clients > 1 && { isShared: true as const }),
      passwordIsRight: cell.password === 'good',
    },
    ...(cell.event !== 'none' && { event: cell.event }),
    clients: cell.clients,
    place,
    ...(impairment && {
      impairment: { end: impairment.end, name: impairment.name, values: impairment.values },
    }),
  };
}

/** A key of more than letters and digits is the same at both ends only where both make the same octets of it (rule WIN-10). */
function keysAgree({ psk }: Cell, client: ClientFacts, responder: ResponderFacts): boolean {
  if (psk !== 'special') return psk === 'good';
  return (client.keyEncoding ?? usualEncoding) === (responder.keyEncoding ?? usualEncoding);
}

/** What Linux makes of a file. */
const usualEncoding = 'utf-8';
