import type { NatSetting, NetworkSettings } from '../../network-settings.ts';
import { prefixOf } from '../../subnet.ts';
import type { Topology, TopologyNode } from '../../topology.ts';
import { boxRules, filterRules, spokenToFile } from './box-rules.ts';
import { cannot, linksScript, type WirePort } from './links.ts';
import { insideHostOf } from './nat-kind-rules.ts';

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
export function wiringScript(topology: Topology, settings: NetworkSettings, pids: NodePids): string {
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
    boxesScript(topology, settings, pids),
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

/** Sets every box and every segment, and empties connection tracking in every box. */
export function resetScript(topology: Topology, settings: NetworkSettings, pids: NodePids): string {
  return script(
    chooseIptables(topology, pids),
    ...ownAddresses(topology, pids),
    boxesScript(topology, settings, pids),
    ...linksScript(topology, settings, wirePorts(topology), pids),
  );
}

/**
 * Makes a NAT box forget what it has mapped and give every new mapping any port: left to itself Linux would give the
 * old ones again. Where an address is named the box has that one outside from now on.
 */
export function rebindScript(topology: Topology, { nats, hold }: NetworkSettings, pids: NodePids): string {
  const { box = '', address } = hold?.rebind ?? {};
  const [nat, node] = [nats[box], topology.nodes[box]];
  if (!nat || !node) return 'true';
  const enter = `nsenter -t ${pids[box]} -n`;
  const rules = boxRules({ ...nat, kind: { ...nat.kind, ports: 'random' } }, insideHostOf(topology, box));
  const own = node.interfaces[nat.outside] ?? '';
  return script(
    chooseIptables(topology, pids),
    ...(address === undefined
      ? []
      : [addressScript(enter, node, nat.outside, `${address}/${prefixOf(own)}`)]),
    `${enter} $iptables-restore <<'END'\n${rules}END`,
    `${enter} conntrack -F 2>/dev/null`,
  );
}

/** Gives an interface one address in the place of whatever it has, and the routes that go with that. */
function addressScript(enter: string, node: TopologyNode, segment: string, cidr: string): string {
  const routes = [
    ...(node.gateway === undefined ? [] : [`route replace default via ${node.gateway}`]),
    ...node.routes.map(({ to, via }) => `route replace ${to} via ${via}`),
  ];
  const commands = [
    `address flush dev ${segment}`,
    `address add ${cidr} broadcast + dev ${segment}`,
    ...routes,
  ];
  return `printf '%s\\n' ${commands.map((each) => `'${each}'`).join(' ')} | ${enter} ip -batch -`;
}

/** Where a topology or one of its variants gives a box another address, its own comes back with every reset. */
function ownAddresses(topology: Topology, pids: NodePids): string[] {
  const holds = [topology.hold, ...Object.values(topology.variants).map(({ hold }) => hold)];
  const moved = new Set(holds.flatMap((hold) => (hold?.rebind?.address ? [hold.rebind.box] : [])));
  return [...moved].flatMap((box) => {
    const node = topology.nodes[box];
    const outside = node?.nat?.outside ?? '';
    const own = node?.interfaces[outside];
    return node && own ? [addressScript(`nsenter -t ${pids[box]} -n`, node, outside, own)] : [];
  });
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

function boxesScript(topology: Topology, { nats, filters }: NetworkSettings, pids: NodePids): string {
  return script(
    ...Object.entries(topology.nodes).flatMap(([name, node]) => {
      const [nat, filter] = [nats[name], filters[name]];
      const enter = `nsenter -t ${pids[name]} -n`;
      const restore = (rules: string) => `${enter} $iptables-restore <<'END'\n${rules}END`;
      return [
        ...(nat
          ? [
              restore(boxRules(nat, insideHostOf(topology, name))),
              timerScript(enter, nat.kind.udpSeconds),
              fragmentScript(enter, nat.kind.fragments),
            ]
          : []),
        ...(nat?.kind.filtering === 'address-dependent' ? [`${enter} sh -c 'echo / >${spokenToFile}'`] : []),
        ...(filter ? [restore(filterRules(filter))] : []),
        // It says on standard error how many entries it flushed.
        ...(isBox(node) ? [`${enter} conntrack -F 2>/dev/null`] : []),
      ];
    }),
  );
}

/** What Linux has by itself, in seconds: before both ends have spoken for two seconds, and then. */
const kernelTimers = { udp_timeout: 30, udp_timeout_stream: 120 };
/** What a kernel does whose timers nobody has set. */
export const kernelUdpSeconds = kernelTimers.udp_timeout_stream;

/**
 * Sets the timers of UDP where they are others. The settings of the node's namespace are only seen through a /proc
 * that may be written, which is mounted for this one program.
 */
function timerScript(enter: string, seconds: number): string {
  const isKernels = seconds === kernelUdpSeconds;
  const file = '/proc/sys/net/netfilter/nf_conntrack';
  const wanted = isKernels ? kernelTimers : { udp_timeout: seconds, udp_timeout_stream: seconds };
  const writes = Object.entries(wanted).map(([name, value]) => `echo ${value} >${file}_${name}`);
  return settingScript(
    `[ "$(${enter} cat ${file}_udp_timeout_stream)" = ${seconds} ]`,
    enter,
    writes,
    `set the timers of a NAT box to ${seconds} s`,
  );
}

/** Octets that a kernel spends on parts of packets by itself, and where it begins to free some; none: every part is dropped. */
const kernelFragmentOctets = { high: 4_194_304, low: 3_145_728 };

/**
 * Connection tracking puts fragments together before any rule sees them (at -400, and the first table is at -300), so
 * that no rule can drop them: a namespace without memory for them does.
 */
function fragmentScript(enter: string, fragments: NatSetting['kind']['fragments']): string {
  const { high, low } = fragments === 'dropped' ? { high: 0, low: 0 } : kernelFragmentOctets;
  const file = '/proc/sys/net/ipv4/ipfrag';
  // Neither may pass the other on the way.
  const lowest = `echo 0 >${file}_low_thresh`;
  const writes = [lowest, `echo ${high} >${file}_high_thresh`, `echo ${low} >${file}_low_thresh`];
  const isSo = `[ "$(${enter} cat ${file}_high_thresh)" = ${high} ]`;
  return settingScript(isSo, enter, writes, 'set the memory of a NAT box for fragments');
}

/** Writes settings of a node's namespace unless they are so already. */
function settingScript(isSo: string, enter: string, writes: readonly string[], what: string): string {
  return script(
    `${isSo} ||`,
    `  unshare -m sh -euc 'mount -o remount,rw /proc/sys && ${enter} sh -euc "${writes.join('; ')}"' ||`,
    `  { echo '${cannot} ${what}' >&2; exit 1; }`,
  );
}

/** iptables speaks to nf_tables or to the older tables; which of them a kernel has is found by trying, in a box. */
function chooseIptables(topology: Topology, pids: NodePids): string {
  const box = Object.entries(topology.nodes).find(([, node]) => isBox(node))?.[0];
  if (box === undefined) return 'iptables=none';
  return script(
    'iptables=iptables-nft',
    `nsenter -t ${pids[box]} -n iptables-nft -t nat -nL >/dev/null 2>&1 || iptables=iptables-legacy`,
  );
}

/** The wire's end of each veth pair; numbered, for the names of node and segment do not both fit in 15 letters. */
function wirePorts({ nodes }: Topology): WirePort[] {
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
