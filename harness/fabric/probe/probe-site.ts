import { pathThrough } from '../../client-places.ts';
import { CrossnatError } from '../../error.ts';
import type { NatSetting } from '../../network-settings.ts';
import { addressOf } from '../../subnet.ts';
import type { FilterRules, Topology } from '../../topology.ts';
import { addressNumber, addressText, maskOf } from '../embedded/packet.ts';
import type { ProbeSide, ProbeSite } from './probe-step.ts';

/**
 * Where a box of a topology is probed: its outside, and the segment on the other side of it along the path, with
 * addresses that nobody has. Throws CrossnatError `bad-data` where a segment has none to spare.
 */
export function probeSite(
  topology: Topology,
  box: string,
  { outside }: NatSetting | FilterRules,
  targets: readonly string[] = [],
): ProbeSite {
  const { nodes } = topology;
  const path = pathThrough(topology, box);
  const at = path.indexOf(box);
  const step = path[at - 1] === outside ? 1 : -1;
  const [inside = '', neighbour = ''] = [path[at + step], path[at + 2 * step]];
  const host = addressOf(nodes[neighbour]?.interfaces[inside] ?? '');
  const [second] = spareAddresses(topology, inside);
  return {
    box,
    inside: { ...sideOf(topology, box, inside), hosts: [host, second] },
    outside: { ...sideOf(topology, box, outside), hosts: spareAddresses(topology, outside) },
    targets: [...new Set(targets)].filter((target) => target !== host),
  };
}

function sideOf({ nodes }: Topology, box: string, segment: string): Pick<ProbeSide, 'segment' | 'address'> {
  return { segment, address: addressOf(nodes[box]?.interfaces[segment] ?? '') };
}

/** The two highest that no node has. */
function spareAddresses(topology: Topology, segment: string): [string, string] {
  const subnet = topology.segments[segment]?.subnet ?? '0.0.0.0/32';
  const taken = Object.values(topology.nodes).map(({ interfaces }) => addressOf(interfaces[segment] ?? ''));
  const network = addressNumber(addressOf(subnet));
  const broadcast = (network | ~maskOf(Number(subnet.split('/')[1]))) >>> 0;
  const spare: string[] = [];
  for (let number = broadcast - 1; number > network && spare.length < 2; number--) {
    const address = addressText(number);
    if (!taken.includes(address)) spare.push(address);
  }
  const [first, second] = spare;
  if (first !== undefined && second !== undefined) return [first, second];
  throw new CrossnatError('bad-data', {
    doing: `probing the boxes of ${topology.name}`,
    found: `segment ${segment} (${subnet}) has no two addresses to spare`,
    remedy: 'Give it a larger subnet: a box is probed from addresses that nobody has',
  });
}
