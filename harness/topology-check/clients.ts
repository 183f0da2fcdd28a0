import { clientPlaces, hidingBoxes, outerAddress, pathFrom } from '../client-places.ts';
import type { Topology } from '../topology.ts';
import type { Complaint } from './complaint.ts';

/**
 * Clients beyond the one of the path: each on one segment beside the path, with a way to it that joins it before the
 * responder. To the responder either all come from one address or each from its own: rules speak of the one or the
 * other.
 */
export function* clientComplaints(topology: Topology): Generator<Complaint> {
  const { nodes, path, server } = topology;
  const [first = '', ...others] = clientPlaces(topology);
  if (path[0] !== first) return;
  const responderAt = path.findIndex((name) => nodes[name]?.kind === 'responder');
  for (const name of others) {
    if (path.includes(name)) {
      const message = `${name} is a further client: it stands beside the path`;
      yield { path: ['path', path.indexOf(name)], message };
      continue;
    }
    const segments = Object.keys(nodes[name]?.interfaces ?? {});
    if (segments.length > 1) {
      const message = `${name} stands on ${segments.join(' and ')}: a client's place is one segment`;
      yield { path: ['nodes', name, 'interfaces'], message };
    }
    const way = pathFrom(topology, name);
    const joinsAt = path.indexOf(way.find((each) => path.includes(each)) ?? '');
    if (way.at(-1) !== server) {
      const message = `by its gateways ${name} comes to ${way.at(-1)}, and not to the path`;
      yield { path: ['nodes', name, 'gateway'], message };
    } else if (joinsAt >= responderAt) {
      yield {
        path: ['nodes', name],
        message: `${name} comes to the path behind the responder's own segment`,
      };
    }
  }
  const seen = new Set([first, ...others].map((place) => outerAddress(topology, place)));
  const hiding = new Set([first, ...others].map((place) => hidingBoxes(topology, place).at(-1)));
  const isOneBox = seen.size === 1 && hiding.size === 1 && !hiding.has(undefined);
  if (others.length > 0 && !isOneBox && seen.size <= others.length) {
    const message = `to the responder the clients come from ${[...seen].join(' and ')}: it takes one NAT gateway for all, or an address for each`;
    yield { path: ['nodes'], message };
  }
}
