import { CrossnatError } from '../../error.ts';
import { chooseKernel, kernelSetting } from '../../peers/linux/choose-kernel.ts';
import { lacksOfHost } from '../../peers/linux/host-abilities.ts';
import { lastLine, lost, ok, type Probe } from '../probe.ts';

/** A kernel of its own runs out of a file there, which engines mount noexec. */
const runFromMemory = 'cp /bin/true /dev/shm/probe && /dev/shm/probe && rm /dev/shm/probe';

/** The host's kernel is tried only where Linux peers would get it: trying loads modules there. */
export const kernelProbe: Probe = {
  name: 'kernel',
  does: 'chooses the kernel that Linux peers get',
  forSomePeers: true,
  async run(bench) {
    const setting = kernelSetting();
    const { architecture, kernel } = await bench.status();
    const endpoint = await bench.endpoint();
    try {
      const tryHost = () => lacksOfHost(endpoint, bench.signal);
      const { kind, why } = await chooseKernel(setting, architecture === 'x64', tryHost);
      if (kind === 'host') return ok(`the host's (Linux ${kernel}): ${why}`);
      const { exitCode, stderr } = await endpoint.exec(['sh', '-c', runFromMemory], bench);
      if (exitCode === 0) return ok(`one of their own (user-mode-linux): ${why}`);
      return lost(
        `Linux peers: a node cannot run a program out of /dev/shm (${lastLine(stderr)})`,
        "Use an engine that mounts it exec when asked to, or the host's kernel: CROSSNAT_KERNEL=host",
      );
    } catch (error) {
      if (!(error instanceof CrossnatError) || error.code !== 'unavailable') throw error;
      return lost(`Linux peers: ${error.found}`, error.remedy);
    }
  },
};
