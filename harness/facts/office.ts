import type { ResponderFacts } from '../oracle/facts.ts';
import { addressOf } from '../subnet.ts';
import type { Topology } from '../topology.ts';

/** The server in the office is its name server, too. */
export function officeDns(topology: Topology): Pick<ResponderFacts, 'dns'> {
  const server = Object.values(topology.nodes[topology.server]?.interfaces ?? {})[0];
  return server === undefined ? {} : { dns: addressOf(server) };
}
