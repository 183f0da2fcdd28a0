import type { NetworkSettings } from '../../network-settings.ts';
import type { Topology } from '../../topology.ts';
import type { Mismatch, Probe, ProbeAnswer, ProbeSite, ProbeStep, Sighting } from '../probe/probe-step.ts';
import { misbehaving, plannedProbes } from '../probe/probes.ts';
import { EmbeddedNetwork } from './embedded-network.ts';
import { addressNumber } from './packet.ts';

/** Segments as wide as they are set, and perfect in all else. */
function calm(links: NetworkSettings['links']): NetworkSettings['links'] {
  const sizes = Object.entries(links).flatMap(([segment, { mtu, tooBig }]) =>
    mtu === undefined ? [] : [[segment, { mtu, ...(tooBig && { tooBig }) }] as const],
  );
  return Object.fromEntries(sizes);
}

/** Longer than any packet takes to cross a box on perfect wires; virtual milliseconds. */
const crossingMs = 5;

/**
 * Measures every box of a topology in a network of its own, with calm wires, and so leaves no trace in the one that
 * a cell is played in. Throws CrossnatError `broken` where a box is not what it is declared to be.
 */
export function probeEmbeddedBoxes(topology: Topology, settings: NetworkSettings): void {
  for (const { site, probe } of plannedProbes(
    topology,
    settings,
    () => 2,
    () => 'by-waiting',
  )) {
    const wires = { ...settings, links: calm(settings.links) };
    const network = new EmbeddedNetwork(topology, wires, `probe of ${site.box}`);
    const mismatches = probeBox(network, site, probe());
    if (mismatches.length > 0) throw misbehaving(topology, site.box, mismatches);
  }
}

const behaving = new Set<string>();

/** The same for a value of the axis `nat` and so many nodes, measured once in a process: a model does what it did. */
export function probeBoxesOnce(topology: Topology, nat: string, settings: NetworkSettings): void {
  const key = `${topology.name} ${nat} ${Object.keys(topology.nodes).length}`;
  if (behaving.has(key)) return;
  probeEmbeddedBoxes(topology, settings);
  behaving.add(key);
}

/** Runs a probe on one box of a network that nobody else uses. */
export function probeBox(network: EmbeddedNetwork, site: ProbeSite, probe: Probe): readonly Mismatch[] {
  for (const { segment, hosts } of [site.inside, site.outside]) {
    for (const host of hosts) network.segments.get(segment)?.attach(addressNumber(host), () => {});
  }
  let next = probe.next({ seen: [] });
  while (!next.done) next = probe.next(answer(network, site, next.value));
  return next.value;
}

function answer({ segments, time }: EmbeddedNetwork, site: ProbeSite, step: ProbeStep): ProbeAnswer {
  if (step.step === 'wait') time.run(() => false, time.now + step.ms);
  if (step.step !== 'send') return { seen: [] };
  const sides = (['inside', 'outside'] as const).map((on) => {
    const wire = segments.get(site[on].segment);
    return { on, wire, address: addressNumber(site[on].address), before: wire?.frames.length ?? 0 };
  });
  const { segment, address, hosts } = site[step.on];
  segments.get(segment)?.send(addressNumber(hosts[0]), addressNumber(address), step.packet);
  time.run(() => false, time.now + crossingMs);
  const seen = sides.flatMap(({ on, wire, address: own, before }) =>
    (wire?.frames ?? [])
      .slice(before)
      .filter(({ from }) => from === own)
      .map(({ packet }): Sighting => ({ on, packet })),
  );
  return { seen };
}
