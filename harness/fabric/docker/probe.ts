import { CrossnatError } from '../../error.ts';
import type { FabricProbe } from '../fabric.ts';
import { type EngineStatus, engineStatus } from './engine.ts';
import { ensureImages, type ImageBuild } from './images.ts';
import { type LabMarks, label, type RunIdentity } from './labels.ts';
import { nodeNeeds, wireNeeds } from './needs.ts';
import { removeContainers } from './remove.ts';
import { newLabId, startMember } from './start-lab.ts';

type Lack = FabricProbe['lacks'][number];

/** What the wire container must be able to do, each tried in earnest; `$pid` is a node's process. */
const wireProbes = {
  'entering a foreign namespace': 'nsenter -t $pid -n true',
  bridge: 'ip link add name probe type bridge',
  veth: 'ip link add name port type veth peer name probe netns $pid',
  'veth offloads': 'nsenter -t $pid -n ethtool -K probe tx off tso off gso off gro off',
  capture: 'ip link set dev probe up && tcpdump -i probe -L',
  'iptables-nft':
    'nsenter -t $pid -n iptables-nft -t nat -A POSTROUTING -o probe -m comment --comment probe -j MASQUERADE',
  'iptables-legacy':
    'nsenter -t $pid -n iptables-legacy -t nat -A POSTROUTING -o probe -m comment --comment probe -j MASQUERADE',
  'conntrack flush': 'nsenter -t $pid -n conntrack -F',
} as const;
const nodeProbes = { tun: 'ip tuntap add dev probetun mode tun' } as const;
const diskFactMiB = 'free disk (MiB)';
/** Captures and container layers of a run; the images are built by then. */
const neededDiskMiB = 1024;

const remedies: Readonly<Record<string, string>> = {
  'entering a foreign namespace':
    'The engine must grant CAP_SYS_ADMIN and CAP_SYS_PTRACE and the host\'s process namespace ("docker run --pid=host")',
  bridge: 'Load the module on the engine\'s host: "modprobe bridge"',
  veth: 'Load the module on the engine\'s host: "modprobe veth"',
  'veth offloads': 'The engine must grant CAP_NET_ADMIN',
  capture: 'The engine must grant CAP_NET_RAW',
  iptables:
    'Load the modules on the engine\'s host: "modprobe -a nf_nat nft_chain_nat xt_MASQUERADE xt_conntrack xt_comment"',
  'conntrack flush': 'Load the module on the engine\'s host: "modprobe nf_conntrack_netlink"',
  tun: 'Load the module on the engine\'s host: "modprobe tun"',
};

/** Tries on throw-away containers what a lab needs. What is missing is an answer, never an error. */
export async function probeEngine(run: RunIdentity, build: ImageBuild): Promise<FabricProbe> {
  const marks: LabMarks = { lab: newLabId(), topology: 'probe', keep: false };
  let facts: Record<string, string> = {};
  try {
    const status = await engineStatus();
    facts = engineFacts(status);
    const { box = '' } = await ensureImages(['box'], build);
    const results = await tryAll(run, marks, box, status.kind);
    facts = { ...facts, ...results };
    return { fabric: 'docker', facts, lacks: lacksOf(results) };
  } catch (cause) {
    if (!(cause instanceof CrossnatError) || cause.code === 'interrupted') throw cause;
    return {
      fabric: 'docker',
      facts,
      lacks: [{ what: `${cause.doing}: ${cause.found}`, remedy: cause.remedy }],
    };
  } finally {
    // Without an engine there is nothing to remove.
    if (facts.engine !== undefined) await removeContainers({ [label.lab]: marks.lab });
  }
}

function engineFacts(status: EngineStatus): Record<string, string> {
  return {
    engine: status.version,
    'engine kind': status.kind,
    architecture: status.architecture,
    kernel: status.kernel,
    'operating system': status.operatingSystem,
    storage: status.storageDriver,
  };
}

/** Probe -> `ok` or what was said instead. */
async function tryAll(
  run: RunIdentity,
  marks: LabMarks,
  image: string,
  kind: EngineStatus['kind'],
): Promise<Record<string, string>> {
  const start = await Promise.allSettled([
    startMember(run, marks, 'wire', image, wireNeeds, kind),
    startMember(run, marks, 'node', image, nodeNeeds({ kind: 'client' }), kind),
  ]);
  for (const each of start) if (each.status === 'rejected') throw each.reason;
  const [wire, node] = start.map((each) => (each.status === 'fulfilled' ? each.value : undefined));
  if (!wire || !node) return {};
  const [inWire, inNode, disk] = await Promise.all([
    wire.started.exec(['sh', '-c', `pid=${node.pid}\n${probeScript(wireProbes)}`]),
    node.started.exec(['sh', '-c', probeScript(nodeProbes)]),
    wire.started.exec(['df', '-Pm', '/']),
  ]);
  const free = /^\S+\s+\d+\s+\d+\s+(\d+)/m.exec(disk.stdout.split('\n')[1] ?? '')?.[1] ?? '?';
  return { ...readProbes(inWire.stdout), ...readProbes(inNode.stdout), [diskFactMiB]: free };
}

function probeScript(probes: Readonly<Record<string, string>>): string {
  const each = Object.entries(probes).map(
    ([name, command]) =>
      `if said=$(${command} 2>&1); then echo '${name}: ok'; else echo "${name}: "$said; fi`,
  );
  return each.join('\n');
}

/** Reads lines of `probe: ok` or `probe: what was said`. */
export function readProbes(printed: string): Record<string, string> {
  const lines = printed.split('\n').filter((line) => line.includes(': '));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );
}

/** What these answers mean for a lab: either flavour of iptables will do, all else is needed. */
export function lacksOf(results: Readonly<Record<string, string>>): Lack[] {
  const flavours = [results['iptables-nft'], results['iptables-legacy']];
  const needed = [...Object.keys(wireProbes), ...Object.keys(nodeProbes)].filter(
    (name) => !name.startsWith('iptables-'),
  );
  const failed = needed
    .filter((name) => results[name] !== 'ok')
    .map((name) => ({ name, said: results[name] }));
  if (!flavours.includes('ok')) failed.push({ name: 'iptables', said: flavours.join('; ') });
  const lacks = failed.map(({ name, said }) => ({
    what: `${name}: ${said ?? 'not tried'}`,
    remedy: remedies[name] ?? '',
  }));
  if (Number(results[diskFactMiB]) < neededDiskMiB) {
    lacks.push({
      what: `${results[diskFactMiB]} MiB are free on the engine's disk, a run takes up to ${neededDiskMiB}`,
      remedy: 'Make room ("docker system df" shows what takes it)',
    });
  }
  return lacks;
}
