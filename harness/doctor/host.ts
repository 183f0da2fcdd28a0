import { CrossnatError } from '../error.ts';
import type { RunIdentity } from '../fabric/docker/labels.ts';
import { Bench, labNeeds } from './bench.ts';
import type { Outcome, Probe } from './probe.ts';
import { capabilitiesProbe } from './probes/capabilities.ts';
import { clockProbe } from './probes/clock.ts';
import { conntrackProbe } from './probes/conntrack.ts';
import { diskProbe } from './probes/disk.ts';
import { engineProbe } from './probes/engine.ts';
import { imageProbe } from './probes/image.ts';
import { iptablesProbe } from './probes/iptables.ts';
import { kernelProbe } from './probes/kernel.ts';
import { machineProbe } from './probes/machine.ts';
import { namespacesProbe } from './probes/namespaces.ts';
import { tunProbe } from './probes/tun.ts';
import { vethProbe } from './probes/veth.ts';

/** Every probe, in the order in which one rests on another. */
export const allProbes: readonly Probe[] = [
  engineProbe,
  machineProbe,
  imageProbe,
  capabilitiesProbe,
  namespacesProbe,
  vethProbe,
  iptablesProbe,
  conntrackProbe,
  tunProbe,
  kernelProbe,
  diskProbe,
  clockProbe,
];

export interface Report {
  readonly probe: Probe;
  /** `since`: not probed, because the probe of that name found nothing to probe in. */
  readonly outcome: Outcome | { readonly ok: undefined; readonly since: string };
}

/** Runs probes beside each other and reports in their order. Rejects only when interrupted, for a bug, or for a wrong setting. */
export async function runProbes(probes: readonly Probe[], bench: Bench): Promise<Report[]> {
  const settled = await Promise.allSettled(probes.map((probe) => probe.run(bench)));
  bench.signal.throwIfAborted();
  const firstToFind = new Map<unknown, string>();
  return probes.map((probe, index): Report => {
    const result = settled[index];
    if (result?.status === 'fulfilled') return { probe, outcome: result.value };
    const error: unknown = result?.reason;
    // A setting that is none is the caller's mistake, and no lack of the host.
    if (!(error instanceof CrossnatError) || error.code === 'usage') throw error;
    const since = firstToFind.get(error);
    if (since !== undefined) return { probe, outcome: { ok: undefined, since } };
    firstToFind.set(error, probe.name);
    return { probe, outcome: { ok: false, lost: `${error.doing}: ${error.found}`, remedy: error.remedy } };
  });
}

/**
 * Probes this host in throw-away containers that belong to the given run, and removes them.
 * @param names which probes; those of `allProbes` are known
 * @param progress one line for the person who waits for an image
 */
export async function probeHost(
  names: readonly string[],
  run: RunIdentity,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<Report[]> {
  await using bench = new Bench(run, labNeeds, signal, progress);
  return await runProbes(
    allProbes.filter(({ name }) => names.includes(name)),
    bench,
  );
}
