import { lastLine, lost, ok, type Probe } from '../probe.ts';

const script = `
ip link add probe type bridge
trap 'ip link del probe; ip link del probe0 2>/dev/null' EXIT
ip link add probe0 type veth peer name probe1 netns $1
ip link set probe0 master probe up
nsenter -t $1 -n ip link set probe1 up
`;

export const vethProbe: Probe = {
  name: 'veth',
  does: 'lays a wire: a bridge, and a veth pair into a node',
  async run(bench) {
    const { wire, pid } = await bench.pair();
    const { exitCode, stderr } = await wire.exec(['sh', '-euc', script, 'probe', `${pid}`], bench);
    if (exitCode === 0) return ok('bridge and veth');
    return lost(
      `every lab: no wire between nodes (${lastLine(stderr)})`,
      "Load the modules on the engine's host: modprobe -a bridge veth",
    );
  },
};
