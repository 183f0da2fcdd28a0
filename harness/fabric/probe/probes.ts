import { CrossnatError } from '../../error.ts';
import type { NatSetting, NetworkSettings } from '../../network-settings.ts';
import type { Topology } from '../../topology.ts';
import { filterProbe } from './filter-probe.ts';
import { natProbe } from './nat-probe.ts';
import { probeSite } from './probe-site.ts';
import { type Mismatch, mismatchText, type NatSite, type Probe, type ProbeSite } from './probe-step.ts';

export interface PlannedProbe {
  readonly site: ProbeSite;
  readonly probe: () => Probe;
}

/** One probe for each box of a topology that translates or filters, as its settings say. */
export function plannedProbes(
  topology: Topology,
  { nats, filters, links }: NetworkSettings,
  insideHosts: (box: string) => number,
  timers: (nat: NatSetting) => NatSite['timers'],
): PlannedProbe[] {
  return [
    ...Object.entries(nats).map(([box, nat]): PlannedProbe => {
      const targets = nat.forwards.map(({ to }) => to);
      const { mtu, tooBig = 'told' } = links[nat.outside] ?? {};
      const site = {
        ...probeSite(topology, box, nat, targets),
        nat,
        ...(mtu !== undefined && { narrow: { mtu, tooBig } }),
        insideHosts: insideHosts(box),
        timers: timers(nat),
      };
      return { site, probe: () => natProbe(site) };
    }),
    ...Object.entries(filters).map(([box, filter]): PlannedProbe => {
      const site = { ...probeSite(topology, box, filter), filter };
      return { site, probe: () => filterProbe(site) };
    }),
  ];
}

/** What keeps every cell from such a box: it would show what no box of that kind does. */
export function misbehaving(topology: Topology, box: string, mismatches: readonly Mismatch[]): CrossnatError {
  return new CrossnatError('broken', {
    doing: `probing ${box} of ${topology.name}`,
    found: mismatchText(mismatches),
    remedy: 'Nothing was played on it: its rules and what is declared of it must agree',
  });
}
