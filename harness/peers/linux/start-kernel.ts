import type { LabNode } from '../../fabric/fabric.ts';
import { chooseKernel, type KernelKind } from './choose-kernel.ts';
import { lacksOfHost } from './host-abilities.ts';
import { HostKernel } from './host-kernel.ts';
import { prepareIpsec } from './ipsec.ts';
import type { Kernel } from './kernel.ts';
import { OwnKernel } from './own-kernel.ts';
import type { Place } from './place.ts';

export interface StartedKernel {
  readonly kernel: Kernel;
  /** For records: `own kernel (user-mode-linux 6.1um4)`, `host kernel 6.8.0`. */
  readonly version: string;
}

/**
 * Gives a Linux peer in this node its kernel, ready for IPsec and with L2TP blocked in clear.
 * @throws CrossnatError that says which was chosen and what is missing.
 */
export async function startKernel(
  node: LabNode,
  place: Place,
  setting: KernelKind | undefined,
  signal: AbortSignal,
): Promise<StartedKernel> {
  const own = await ownVersion(node, signal);
  const { kind } = await chooseKernel(setting, own !== undefined, () => lacksOfHost(node, signal));
  if (kind === 'host') {
    const { stdout } = await node.exec(['uname', '-r'], { signal });
    return { kernel: await HostKernel.take(node, signal), version: `host kernel ${stdout.trim()}` };
  }
  const kernel = await OwnKernel.boot(node, place, signal);
  try {
    await kernel.script(prepareIpsec(), 'loading the modules of IPsec and L2TP', signal);
    return { kernel, version: `own kernel (user-mode-linux ${own})` };
  } catch (error) {
    await kernel.stop();
    throw error;
  }
}

/** The version of the node's user-mode-linux; `undefined` where its image has none. */
async function ownVersion(node: LabNode, signal: AbortSignal): Promise<string | undefined> {
  const { exitCode, stdout } = await node.exec(['dpkg-query', '-W', 'user-mode-linux'], { signal });
  return exitCode === 0 ? stdout.trim().split('\t')[1] : undefined;
}
