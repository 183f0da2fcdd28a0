import type { RunIdentity } from '../fabric/docker/labels.ts';
import type { FabricProbe } from '../fabric/fabric.ts';
import { allProbes, probeHost, type Report } from './host.ts';

/** What every run asks of its host before anything is started, in the form that records keep. */
export async function probeFabric(
  run: RunIdentity,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<FabricProbe> {
  const names = allProbes.map(({ name }) => name);
  return fabricProbe(await probeHost(names, run, signal, progress));
}

/**
 * A probe that could not be made adds nothing: the one that it waits for is in the list. What only some peers need
 * is no lack of the fabric: these peers say so when they start, and the record's facts say it too.
 */
export function fabricProbe(reports: readonly Report[]): FabricProbe {
  const facts: Record<string, string> = {};
  const lacks: { what: string; remedy: string }[] = [];
  for (const { probe, outcome } of reports) {
    if (outcome.ok) facts[probe.name] = outcome.fact;
    else if (outcome.ok === false && probe.forSomePeers) facts[probe.name] = `lost: ${outcome.lost}`;
    else if (outcome.ok === false)
      lacks.push({ what: `${probe.name}: ${outcome.lost}`, remedy: outcome.remedy });
  }
  return { fabric: 'docker', facts, lacks };
}
