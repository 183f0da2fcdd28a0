import { lastLine, lost, ok, type Probe } from '../probe.ts';

export const tunProbe: Probe = {
  name: 'tun',
  does: 'makes a tun interface in an endpoint',
  async run(bench) {
    const remedy = "Load the module on the engine's host: modprobe tun (its device is /dev/net/tun)";
    let endpoint: Awaited<ReturnType<typeof bench.endpoint>>;
    try {
      endpoint = await bench.endpoint();
    } catch (cause) {
      // Only a node that starts without the device shows that the device is what is missing.
      await bench.node();
      return lost(
        `every tunnel: ${lastLine(cause instanceof Error ? cause.message : String(cause))}`,
        remedy,
      );
    }
    const { exitCode, stderr } = await endpoint.exec(
      ['ip', 'tuntap', 'add', 'mode', 'tun', 'name', 'probe'],
      bench,
    );
    return exitCode === 0 ? ok('/dev/net/tun') : lost(`every tunnel (${lastLine(stderr)})`, remedy);
  },
};
