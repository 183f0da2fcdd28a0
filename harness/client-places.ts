import { CrossnatError } from './error.ts';
import type { Topology } from './topology.ts';

/** The nodes where a topology's clients stand, the one of its drawing first; a cell with n clients has the first n. */
export function clientPlaces({ nodes, path }: Pick<Topology, 'nodes' | 'path'>): string[] {
  const places = Object.keys(nodes).filter((name) => nodes[name]?.kind === 'client');
  return places.toSorted((a, b) => Number(path[0] === b) - Number(path[0] === a));
}

/**
 * The topology with so many of its clients and no other: a node that no cell needs is not started.
 * Throws CrossnatError `usage` where it has no place for them.
 */
export function withClients(topology: Topology, clients: number): Topology {
  const places = clientPlaces(topology);
  if (clients > places.length) {
    throw new CrossnatError('usage', {
      doing: `placing ${clients} clients in topology ${topology.name}`,
      found: `it has places for ${places.length}`,
      remedy: 'Choose a topology with more nodes of kind client, like shared-nat',
    });
  }
  const spare = places.slice(clients);
  const nodes = Object.entries(topology.nodes).filter(([name]) => !spare.includes(name));
  return { ...topology, nodes: Object.fromEntries(nodes) };
}
