import { CrossnatError } from '../../error.ts';
import type { Topology, TopologyNode } from '../../topology.ts';

/** Where our responder stands: between the office and the way to the Internet. */
export interface ResponderPlace {
  readonly name: string;
  readonly node: TopologyNode;
  readonly officeSegment: string;
  readonly outerSegment: string;
}

/** Finds the responder in a topology; throws `bad-data` where it does not stand between two segments. */
export function responderPlace(topology: Topology): ResponderPlace {
  const [name, node] = Object.entries(topology.nodes).find(([, one]) => one.kind === 'responder') ?? [];
  const server = topology.nodes[topology.server];
  const segments = Object.keys(node?.interfaces ?? {});
  const officeSegment = segments.find((segment) => segment in (server?.interfaces ?? {}));
  const outerSegment = segments.find((segment) => segment !== officeSegment);
  if (name === undefined || !node || officeSegment === undefined || outerSegment === undefined) {
    throw new CrossnatError('bad-data', {
      doing: `placing our responder in topology ${topology.name}`,
      found: 'no responder stands between the server and another segment',
      remedy: 'Give the responder an interface on the server segment and one towards the Internet',
    });
  }
  return { name, node, officeSegment, outerSegment };
}
