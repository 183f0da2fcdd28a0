import { clientPlaces, pathFrom } from '../client-places.ts';
import type { Topology } from '../topology.ts';
import type { Complaint } from './complaint.ts';

/** The host on the Internet that VPN users browse stands in public, on a segment that packets of the tunnel cross. */
export function* webComplaints(topology: Topology): Generator<Complaint> {
  const { nodes, segments, web, server } = topology;
  const ways = clientPlaces(topology).map((client) => pathFrom(topology, client));
  if (web === undefined) return;
  const path = ['web'];
  const host = nodes[web];
  const places = Object.keys(host?.interfaces ?? {});
  if (host?.kind !== 'host') yield { path, message: `${web} is no node of kind host` };
  else if (web === server) yield { path, message: `${web} is the server in the office` };
  else if (
    places.length !== 1 ||
    !places.every((name) => segments[name]?.public && ways.every((way) => way.includes(name)))
  ) {
    yield {
      path,
      message: `${web} must stand on one public segment of the path, which every client comes by`,
    };
  }
}
