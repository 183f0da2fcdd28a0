import { lastLine, lost, ok, type Probe } from '../probe.ts';

export const conntrackProbe: Probe = {
  name: 'conntrack',
  does: "empties a box's connection tracking",
  async run(bench) {
    const node = await bench.node();
    const { exitCode, stderr } = await node.exec(['conntrack', '-F'], bench);
    if (exitCode === 0) return ok('conntrack -F');
    return lost(
      `cells that share a topology: what one leaves in a box would reach the next (${lastLine(stderr)})`,
      "Load the module on the engine's host: modprobe nf_conntrack_netlink",
    );
  },
};
