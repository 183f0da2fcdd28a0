import { clientPlaces, pathFrom, pathThrough } from '../../client-places.ts';
import type { NatKind } from '../../nat-kind.ts';
import { usualNatKind } from '../../nat-kinds.ts';
import type { NetworkSettings } from '../../network-settings.ts';
import { addressOf } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';

/** What netfilter makes of a kind: the kind itself, something near it with a name, or nothing that deserves its name. */
export type Realisation =
  | { readonly how: 'exact' }
  /** For one inside host it is the same; `as` says by which means, and what differs. */
  | { readonly how: 'approximated'; readonly as: string }
  | { readonly how: 'unavailable'; readonly why: string };

/** How netfilter can be this kind for so many inside hosts. */
export function realisation(kind: NatKind, insideHosts: number): Realisation {
  const lacks = [...beyondNetfilter(kind)];
  if (lacks.length > 0) return { how: 'unavailable', why: `netfilter ${lacks.join(', and ')}` };
  const means = [...meansForOneHost(kind)];
  if (means.length === 0) return { how: 'exact' };
  if (insideHosts === 1) return { how: 'approximated', as: `for one inside host, ${means.join(', ')}` };
  const why = `netfilter can be ${kind.name} for one inside host alone (${means.join(', ')}), and there are ${insideHosts}`;
  return { how: 'unavailable', why };
}

/**
 * Linux gives an inside port the outside port that it has already, where that is free toward the remote end, and with
 * ports by chance a new one for each remote end.
 */
function* beyondNetfilter({ mapping, ports, hairpin, refresh }: NatKind): Generator<string> {
  if (ports === 'sequential') yield 'takes outside ports by chance, not one after the other';
  const wanted = ports === 'preserved' ? 'endpoint-independent' : 'address-and-port-dependent';
  if (mapping !== wanted) yield `has no mapping that is ${mapping} where ports are ${ports}`;
  if (hairpin) yield 'turns packets back to the inside for fixed forwards alone';
  if (refresh === 'outbound') yield 'renews its timers by packets of either direction';
}

function* meansForOneHost({ filtering, esp, ike }: NatKind): Generator<string> {
  if (filtering === 'endpoint-independent') yield 'every port is open to it, also one that it has not used';
  if (filtering === 'address-dependent') yield 'every port is open to the addresses that it spoke to';
  if (esp === 'one-host') yield 'protocol 50 is tracked by its addresses';
  if (ike === 'keeps-port-500') yield 'port 500 is preserved without looking into IKE';
}

/** Why containers cannot be set so, in words; `undefined` where they can. */
export function beyondContainers(
  topology: Topology,
  { nats, links }: NetworkSettings,
  clients: number,
): string | undefined {
  const lossy = Object.keys(links).find((segment) => links[segment]?.loss !== undefined);
  if (lossy !== undefined) {
    return `${lossy} cannot lose packets now and then in containers: what proves traffic there asks once, and would take that for a fault`;
  }
  for (const [box, { kind }] of Object.entries(nats)) {
    const realised = realisation(kind, insideHosts(topology, box, clients));
    if (realised.how === 'unavailable') return `${box} cannot be ${kind.name} in containers: ${realised.why}`;
  }
  return undefined;
}

/** For the record: what each box is that is not the usual one, and by which means. */
export function natVersions(
  topology: Topology,
  { nats }: NetworkSettings,
  clients: number,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(nats).flatMap(([box, { kind }]) => {
      if (kind.name === usualNatKind) return [];
      const realised = realisation(kind, insideHosts(topology, box, clients));
      const text = realised.how === 'approximated' ? `${kind.name}, approximated: ${realised.as}` : kind.name;
      return [[`NAT box ${box}`, text]];
    }),
  );
}

/** The address of the host that speaks through this box first: its neighbour on the path, on the inside. */
export function insideHostOf(topology: Topology, box: string): string {
  const { nodes } = topology;
  const path = pathThrough(topology, box);
  const outside = nodes[box]?.nat?.outside;
  const at = path.indexOf(box);
  const step = path[at - 1] === outside ? 1 : -1;
  const [segment = '', neighbour = ''] = [path[at + step], path[at + 2 * step]];
  return addressOf(nodes[neighbour]?.interfaces[segment] ?? '');
}

/** Only a box beside clients has several, those of them that stand there; behind any other is a responder or another box. */
export function insideHosts(topology: Topology, box: string, clients: number): number {
  const places = clientPlaces(topology).slice(0, clients);
  const beside = places.filter((place) => pathFrom(topology, place)[2] === box);
  return Math.max(1, beside.length);
}
