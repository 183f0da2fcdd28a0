import type { NetworkSettings } from '../../network-settings.ts';
import type { SegmentQuality, Topology } from '../../topology.ts';
import type { NodePids } from './wiring.ts';

/** Begins what a script says of something that this host does not let us do. */
export const cannot = 'this host cannot';

/** The wire's end of a veth pair. */
export interface WirePort {
  readonly port: string;
  readonly node: string;
  readonly segment: string;
}

/** An Ethernet's, where a segment names none. */
const usualMtu = 1500;

/**
 * Makes the segments of a topology as good or bad as they are set, whatever they were before: only those that it or one
 * of its variants ever changes. Expects `$iptables` to be chosen.
 */
export function linksScript(
  topology: Topology,
  { links }: NetworkSettings,
  ports: readonly WirePort[],
  pids: NodePids,
): string[] {
  const changes = [
    ...Object.entries(topology.segments).map(([name, { quality }]) => ({ name, quality })),
    ...Object.values(topology.variants).flatMap(({ segments }) =>
      Object.entries(segments).map(([name, quality]) => ({ name, quality })),
    ),
  ];
  const changed = (how: (quality: SegmentQuality) => boolean) =>
    new Set(changes.flatMap(({ name, quality }) => (quality && how(quality) ? [name] : [])));
  const [delayed, narrowed] = [changed(isNetem), changed(({ mtu }) => mtu !== undefined)];
  return [
    ...ports.filter(({ segment }) => delayed.has(segment)).map((port) => netem(port, links[port.segment])),
    ...(narrowed.size === 0 ? [] : mtus(topology, links, ports, narrowed, pids)),
  ];
}

/** What the kernel's netem does; the rest of a quality is done without it. */
function isNetem({ mtu, tooBig, ...rest }: SegmentQuality): boolean {
  return Object.keys(rest).length > 0;
}

/** Every packet to a node of the segment leaves the wire by one port, where netem delays, drops or doubles it. */
function netem({ port, segment }: WirePort, quality: SegmentQuality | undefined): string {
  if (!quality || !isNetem(quality)) return `tc qdisc del dev ${port} root 2>/dev/null || true`;
  return `tc qdisc replace dev ${port} root netem ${netemWords(quality)} || { echo '${cannot} make ${segment} a worse wire: this kernel has no netem (sch_netem)' >&2; exit 1; }`;
}

function netemWords({
  latencyMs = 0,
  jitterMs = 0,
  loss = 0,
  duplication = 0,
  reordering,
  rate,
  queue,
}: SegmentQuality): string {
  const percent = (chance: number) => `${chance * 100}%`;
  // Of netem jitter goes both ways.
  const half = jitterMs / 2;
  return [
    `delay ${latencyMs + half}ms ${half}ms`,
    `loss ${percent(loss)}`,
    `duplicate ${percent(duplication)}`,
    ...(reordering === undefined ? [] : [`reorder ${percent(reordering)}`]),
    ...(rate === undefined ? [] : [`rate ${rate}mbit`]),
    ...(queue === undefined ? [] : [`limit ${queue}`]),
  ].join(' ');
}

/**
 * The MTU of a segment at every node on it; and where "too big" is to be lost, these say it to nobody. What a kernel
 * has learned of ways in an earlier cell it forgets.
 */
function mtus(
  { nodes }: Topology,
  links: NetworkSettings['links'],
  ports: readonly WirePort[],
  narrowed: ReadonlySet<string>,
  pids: NodePids,
): string[] {
  const ends = ports.filter(({ segment }) => narrowed.has(segment));
  const enter = (node: string) => `nsenter -t ${pids[node]} -n`;
  const forwarding = new Set(ends.flatMap(({ node }) => (isForwarding(nodes[node]?.kind) ? [node] : [])));
  const isSilent = (node: string) =>
    ends.some((end) => end.node === node && links[end.segment]?.tooBig === 'lost');
  return [
    ...ends.map(
      ({ node, segment }) =>
        `${enter(node)} ip link set dev ${segment} mtu ${links[segment]?.mtu ?? usualMtu}`,
    ),
    ...[...forwarding].map((node) => {
      const rule = isSilent(node) ? '-A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP\n' : '';
      const table = `*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rule}COMMIT\n`;
      return `${enter(node)} $iptables-restore <<'END'\n${table}END`;
    }),
    forgetMtus(Object.keys(nodes).map((node) => pids[node])),
  ];
}

/**
 * `ip route flush cache` says that it cannot write there, and ends as if it had: /proc has to be mounted for writing, as
 * it is for this one program.
 */
function forgetMtus(pids: readonly (number | undefined)[]): string {
  const flush = 'echo 1 >/proc/sys/net/ipv4/route/flush';
  const each = `for pid in ${pids.join(' ')}; do nsenter -t $pid -n sh -euc "${flush}"; done`;
  return `unshare -m sh -euc 'mount -o remount,rw /proc/sys && ${each}' || { echo '${cannot} make a node forget the MTUs that it has learned' >&2; exit 1; }`;
}

function isForwarding(kind: Topology['nodes'][string]['kind'] | undefined): boolean {
  return kind === 'nat' || kind === 'router';
}
