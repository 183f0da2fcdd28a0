import type { Topology } from '../topology.ts';
import { clientComplaints } from './clients.ts';
import type { Complaint } from './complaint.ts';
import { duplicateAddresses, nodeComplaints, segmentComplaints } from './nodes.ts';
import { pathComplaints } from './path.ts';
import { dialComplaints, roleComplaints } from './roles.ts';
import { holdComplaints, variantComplaints } from './variants.ts';
import { webComplaints } from './web.ts';

/** Everything that the parts of a well-formed topology get wrong about each other, in the file's order. */
export function topologyComplaints(topology: Topology): Complaint[] {
  return [
    ...segmentComplaints(topology),
    ...Object.entries(topology.nodes).flatMap(([name, node]) => [...nodeComplaints(topology, name, node)]),
    ...duplicateAddresses(topology),
    ...roleComplaints(topology),
    ...webComplaints(topology),
    ...clientComplaints(topology),
    ...dialComplaints(topology),
    ...pathComplaints(topology),
    ...(topology.hold ? holdComplaints(topology, topology.hold, ['hold']) : []),
    ...variantComplaints(topology),
  ];
}
