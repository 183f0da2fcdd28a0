import { clientPlaces } from '../client-places.ts';
import { CrossnatError } from '../error.ts';
import type { Topology } from '../topology.ts';

/** A ping that some captures have to show. */
export interface SignOfLife {
  readonly node: string;
  readonly target: string;
}

/**
 * What is sent when a client says that nothing left it, so that every capture between it and the responder has
 * something to show: a ping from the client to the address that it dials, which gets as far as a gateway before the
 * responder, and one from the responder to its own gateway, which is on the last segment. No peer can take a ping for
 * anything of a VPN, and none has to answer.
 *
 * @param client its number, from 0
 */
export function signsOfLife(topology: Topology, client: number): readonly SignOfLife[] {
  const [responder, place] =
    Object.entries(topology.nodes).find(([, { kind }]) => kind === 'responder') ?? [];
  const node = clientPlaces(topology)[client];
  if (responder === undefined || place?.gateway === undefined || node === undefined) {
    throw new CrossnatError('bad-data', {
      doing: `looking for what shows that the captures of ${topology.name} are alive`,
      found: 'its responder has no gateway, or it has no such client',
      remedy: 'Give the responder a gateway in the topology file',
    });
  }
  return [
    { node, target: topology.dial },
    { node: responder, target: place.gateway },
  ];
}
