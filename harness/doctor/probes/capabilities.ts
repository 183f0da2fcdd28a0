import type { LabNode } from '../../fabric/fabric.ts';
import { lost, ok, type Probe } from '../probe.ts';

/** Bits of the sets in proc_pid_status(5), from linux/capability.h. */
const bits = { NET_ADMIN: 12n, NET_RAW: 13n, SYS_PTRACE: 19n, SYS_ADMIN: 21n };

export const capabilitiesProbe: Probe = {
  name: 'capabilities',
  does: 'starts a node and the wire, and reads what they may do',
  async run(bench) {
    const pair = await bench.pair();
    const granted = async (of: LabNode) =>
      effective((await of.exec(['cat', '/proc/self/status'], bench)).stdout);
    const [node, wire] = await Promise.all([granted(pair.node), granted(pair.wire)]);
    const missing = [
      ...['NET_ADMIN', 'NET_RAW'].filter((each) => !node.includes(each)),
      ...Object.keys(bits).filter((each) => !wire.includes(each)),
    ];
    if (missing.length === 0)
      return ok(`node: ${['NET_ADMIN', 'NET_RAW'].join(' ')}; wire: ${Object.keys(bits).join(' ')}`);
    return lost(
      `every lab: the engine does not grant ${[...new Set(missing)].join(', ')}`,
      'Use an engine that may: a local one that root started (npm run engine), or one in a virtual machine',
    );
  },
};

/** Names of the capabilities that `CapEff` of a process's status holds. */
export function effective(status: string): string[] {
  const set = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return Object.entries(bits).flatMap(([name, bit]) => (set & (1n << bit) ? [name] : []));
}
