import { clientPlaces, pathFrom } from '../client-places.ts';
import type { Topology } from '../topology.ts';
import type { Complaint } from './complaint.ts';

/** The path is connected, goes from a client by the responder to the server, and nobody stands apart from it. */
export function* pathComplaints(topology: Topology): Generator<Complaint> {
  const { nodes, segments, path, server } = topology;
  for (const [index, name] of path.entries()) {
    const at = ['path', index];
    const [kind, known] = index % 2 === 0 ? ['node', nodes] : ['segment', segments];
    if (!(name in known)) yield { path: at, message: `${name} is no ${kind}: node and segment take turns` };
    if (path.indexOf(name) !== index) yield { path: at, message: `the path comes to ${name} twice` };
    const previous = path[index - 1];
    if (previous === undefined) continue;
    const [nodeName, segment] = index % 2 === 0 ? [name, previous] : [previous, name];
    const node = nodes[nodeName];
    if (node && !(segment in node.interfaces)) {
      yield { path: at, message: `${nodeName} does not stand on ${segment}` };
    }
  }
  const [first = ''] = path;
  if (nodes[first]?.kind !== 'client') yield { path: ['path', 0], message: 'the path begins at the client' };
  if (path.at(-1) !== server) {
    yield { path: ['path', path.length - 1], message: `the path ends at the server, ${server}` };
  }
  if (!path.some((name) => nodes[name]?.kind === 'responder')) {
    yield { path: ['path'], message: 'the path misses the responder' };
  }
  const passed = new Set([...path, ...clientPlaces(topology).flatMap((place) => pathFrom(topology, place))]);
  for (const [name, node] of Object.entries(nodes)) {
    if (!passed.has(name) && !Object.keys(node.interfaces).some((segment) => passed.has(segment))) {
      yield {
        path: ['nodes', name],
        message: `${name} stands on no segment of the path, or of another client's`,
      };
    }
  }
}
