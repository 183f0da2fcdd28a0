import { natKindNames } from '../nat-kinds.ts';
import { addressOf } from '../subnet.ts';
import type { Hold, Topology } from '../topology.ts';
import { filterComplaints, natComplaints } from './boxes.ts';
import type { Complaint } from './complaint.ts';
import { isOn } from './on-segment.ts';

/** What happens to a connection: one thing, to a box that is there. */
export function* holdComplaints(
  { nodes, segments, path: drawn }: Topology,
  { idleSeconds, rebind }: Hold,
  path: (string | number)[],
): Generator<Complaint> {
  if ((idleSeconds === undefined) === (rebind === undefined)) {
    yield { path, message: 'name one of idleSeconds and rebind' };
  }
  if (!rebind) return;
  const { box, address } = rebind;
  const nat = nodes[box]?.nat;
  if (!nat) {
    yield { path: [...path, 'rebind', 'box'], message: `${box} is no node of kind nat` };
  } else if (!drawn.includes(box)) {
    const message = `${box} is not on the path: a cell with one client has none`;
    yield { path: [...path, 'rebind', 'box'], message };
  } else if (address !== undefined) {
    const at = [...path, 'rebind', 'address'];
    const subnet = segments[nat.outside]?.subnet ?? '';
    const taken = Object.values(nodes).some(({ interfaces }) => {
      const cidr = interfaces[nat.outside];
      return cidr !== undefined && addressOf(cidr) === address;
    });
    if (!isOn(subnet, address))
      yield { path: at, message: `${address} is no address of ${nat.outside} (${subnet})` };
    else if (taken) yield { path: at, message: `${address} is taken on ${nat.outside}` };
  }
}

/** What a variant changes is there, and fits as what it replaces does. */
export function* variantComplaints(topology: Topology): Generator<Complaint> {
  for (const [name, variant] of Object.entries(topology.variants)) {
    const { boxes, filters, segments, hold, dial } = variant;
    const path = ['variants', name];
    if (name === 'default') yield { path, message: "default means the boxes' own rules" };
    if (natKindNames().includes(name))
      yield { path, message: `${name} is a NAT kind; name the variant else` };
    const changes = [boxes, filters, segments].some((each) => Object.keys(each).length > 0);
    if (!changes && hold === undefined && dial === undefined)
      yield { path, message: `${name} changes nothing` };
    for (const [boxName, rules] of Object.entries(boxes)) {
      const at = [...path, 'boxes', boxName];
      const box = topology.nodes[boxName];
      if (box?.kind === 'nat') yield* natComplaints(topology, boxName, box, rules, at);
      else yield { path: at, message: `${boxName} is no node of kind nat` };
    }
    for (const [router, rules] of Object.entries(filters)) {
      const at = [...path, 'filters', router];
      const node = topology.nodes[router];
      if (node?.kind === 'router') yield* filterComplaints(router, node, rules, at);
      else yield { path: at, message: `${router} is no node of kind router` };
    }
    for (const segment of Object.keys(segments)) {
      if (!(segment in topology.segments))
        yield { path: [...path, 'segments', segment], message: `there is no segment ${segment}` };
    }
    if (hold) yield* holdComplaints(topology, hold, [...path, 'hold']);
    if (dial !== undefined) yield* oldAddressComplaints(topology, dial, [...path, 'dial']);
  }
}

/** What a variant dials was the office's once: on its public segment, and nobody's now. */
function* oldAddressComplaints(
  { nodes, segments, dial: current }: Topology,
  dial: string,
  path: (string | number)[],
): Generator<Complaint> {
  const there = Object.entries(segments).find(([, { subnet }]) => isOn(subnet, current));
  if (!there || !isOn(there[1].subnet, dial)) {
    yield { path, message: `${dial} is no address beside ${current}` };
  } else if (Object.values(nodes).some(({ interfaces }) => addressOf(interfaces[there[0]] ?? '') === dial)) {
    yield { path, message: `${dial} is somebody's: an old address is nobody's` };
  }
}
