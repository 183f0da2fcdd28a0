import { lastLine, lost, ok, type Probe } from '../probe.ts';

/** Prints the target's network namespace twice: as the kernel names it, and as seen from inside after entering it. */
const script =
  'readlink /proc/$1/ns/net && nsenter -t $1 -n readlink /proc/self/ns/net && readlink /proc/self/ns/net';

export const namespacesProbe: Probe = {
  name: 'namespaces',
  does: "enters a node's network namespace from the wire",
  async run(bench) {
    const { wire, pid } = await bench.pair();
    const { exitCode, stdout, stderr } = await wire.exec(['sh', '-c', script, 'probe', `${pid}`], bench);
    const [named, entered, own] = stdout.trim().split('\n');
    if (exitCode === 0 && named === entered && named !== own)
      return ok(`--pid=host and nsenter reach ${named}`);
    return lost(
      `every lab: the wire cannot enter a node's namespace (${lastLine(stderr) || 'it stayed in its own'})`,
      'Use an engine that shares its process namespace (not rootless, no hidepid on /proc), or npm run engine as root',
    );
  },
};
