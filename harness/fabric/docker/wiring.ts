import type { Topology, TopologyNode } from '../../topology.ts';
import { boxRules } from './box-rules.ts';

/** Process id of each node's first process, as the engine's host counts. */
export type NodePids = Readonly<Record<string, number>>;

/**
 * What every veth end is told while evidence is recorded. A checksum left to the device shows as wrong in
 * captures and to raw-socket peers; a segment left to it shows one 64 kB datagram in place of 46 packets.
 */
const wireSized = 'tx off tso off gso off gro off';
const offloaded = 'tx on tso on gso on gro on';

/**
 * The script that wires a whole topology, run once in the wire container: one bridge per segment, a veth
 * pair from it into each node that stands there, and in the nodes addresses, routes and the boxes' rules.
 * Interfaces in nodes have their segment's name. Ends by printing every node's state for `leaks`.
 */
export function wiringScript(topology: Topology, pids: NodePids): string {
  const ports = wirePorts(topology);
  return script(
    chooseIptables(topology, pids),
    // A kernel without IPv6 refuses the setting, and needs it not.
    'quiet() { [ ! -e /proc/net/if_inet6 ] || echo "link set dev $1 addrgenmode none"; }',
    '{',
    ...Object.keys(topology.segments).flatMap((segment) => [
      // No spanning tree and no listening state: a bridge that forwards at once, and adds no packet of its own.
      `echo "link add name ${segment} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"`,
      `quiet ${segment}`,
      `echo "link set dev ${segment} up"`,
    ]),
    ...ports.flatMap(({ port, node, segment }) => [
      `echo "link add name ${port} type veth peer name ${segment} netns ${pids[node]}"`,
      `quiet ${port}`,
      `echo "link set dev ${port} master ${segment} up"`,
    ]),
    '} | ip -batch -',
    ...Object.entries(topology.nodes).flatMap(([name, node]) => [
      '{',
      ...nodeCommands(node),
      `} | nsenter -t ${pids[name]} -n ip -batch -`,
    ]),
    offloadScript(topology, pids, 'off'),
    boxesScript(topology, 'default', pids),
    ...Object.keys(topology.nodes).flatMap((name) => [
      `echo '${stateMark}${name}'`,
      `nsenter -t ${pids[name]} -n sh -c 'ip -j -4 address && echo && ip -j -4 route && echo'`,
    ]),
  );
}

/** The batch for `ip` inside one node. Routes come last: they need the interfaces up. */
function nodeCommands(node: TopologyNode): string[] {
  return [
    'echo "link set dev lo up"',
    ...Object.entries(node.interfaces).flatMap(([segment, address]) => [
      `quiet ${segment}`,
      `echo "address add ${address} broadcast + dev ${segment}"`,
      `echo "link set dev ${segment} up"`,
    ]),
    ...(node.gateway === undefined ? [] : [`echo "route add default via ${node.gateway}"`]),
    ...node.routes.map(({ to, via }) => `echo "route add ${to} via ${via}"`),
  ];
}

/** Puts a variant's rules into every NAT box and empties connection tracking in every box. */
export function resetScript(topology: Topology, variant: string, pids: NodePids): string {
  return script(chooseIptables(topology, pids), boxesScript(topology, variant, pids));
}

/** Prints the rules of one box with their counters. */
export function countersScript(topology: Topology, node: string, pids: NodePids): string {
  return script(chooseIptables(topology, pids), `nsenter -t ${pids[node]} -n $iptables-save -c`);
}

/** Turns checksum and segmentation offload of every veth end off (evidence) or on (sustained throughput). */
export function offloadScript(topology: Topology, pids: NodePids, state: 'on' | 'off'): string {
  const settings = state === 'on' ? offloaded : wireSized;
  const each = (names: string[]) =>
    `for end in ${names.join(' ')}; do ethtool -K $end ${settings} >/dev/null; done`;
  return script(
    each(wirePorts(topology).map(({ port }) => port)),
    ...Object.entries(topology.nodes).map(
      ([name, node]) => `nsenter -t ${pids[name]} -n sh -euc '${each(Object.keys(node.interfaces))}'`,
    ),
  );
}

/** A node that forwards for others: its connection tracking must not outlive a cell. */
function isBox(node: TopologyNode): boolean {
  return node.kind === 'nat' || node.kind === 'router' || node.nat !== undefined;
}

function boxesScript(topology: Topology, variant: string, pids: NodePids): string {
  const changed = topology.variants[variant]?.boxes ?? {};
  return script(
    ...Object.entries(topology.nodes).flatMap(([name, node]) => {
      const rules = changed[name] ?? node.nat;
      const enter = `nsenter -t ${pids[name]} -n`;
      return [
        ...(rules ? [`${enter} $iptables-restore <<'END'\n${boxRules(rules)}END`] : []),
        // It says on standard error how many entries it flushed.
        ...(isBox(node) ? [`${enter} conntrack -F 2>/dev/null`] : []),
      ];
    }),
  );
}

/** iptables speaks to nf_tables or to the older tables; which of them a kernel has is found by trying, in a box. */
function chooseIptables(topology: Topology, pids: NodePids): string {
  const box = Object.keys(topology.nodes).find((name) => topology.nodes[name]?.nat);
  if (box === undefined) return 'iptables=none';
  return script(
    'iptables=iptables-nft',
    `nsenter -t ${pids[box]} -n iptables-nft -t nat -nL >/dev/null 2>&1 || iptables=iptables-legacy`,
  );
}

/** The wire's end of each veth pair; numbered, for the names of node and segment do not both fit in 15 letters. */
function wirePorts({ nodes }: Topology): { port: string; node: string; segment: string }[] {
  const ends = Object.entries(nodes).flatMap(([node, { interfaces }]) =>
    Object.keys(interfaces).map((segment) => ({ node, segment })),
  );
  return ends.map((end, index) => ({ port: `port${index}`, ...end }));
}

/** Before each node's state in the output of `wiringScript`. */
export const stateMark = '== ';

function script(...parts: string[]): string {
  return parts.join('\n');
}
