import type { NatSetting } from '../../network-settings.ts';
import type { FilterRules } from '../../topology.ts';

/** One of the two segments beside a box, its address there, and hosts that only the probe plays. */
export interface ProbeSide {
  readonly segment: string;
  readonly address: string;
  readonly hosts: readonly [string, string];
}

/** Where a box is probed. The first inside host has the address of whoever speaks through the box in earnest. */
export interface ProbeSite {
  readonly box: string;
  readonly inside: ProbeSide;
  readonly outside: ProbeSide;
  /** Who besides is reached through it: the targets of its forwards. */
  readonly targets: readonly string[];
}

export interface NatSite extends ProbeSite {
  readonly nat: NatSetting;
  /** The outside carries less than an Ethernet, and says so or not. Absent: as much. */
  readonly narrow?: { readonly mtu: number; readonly tooBig: 'told' | 'lost' };
  /** Inside hosts that the box has to tell apart: with one, what differs for several is not asked. */
  readonly insideHosts: number;
  /** How timers are measured: by letting the time pass, by what the box says of a mapping, or not. */
  readonly timers: 'by-waiting' | 'by-asking' | 'unasked';
}

export interface FilterSite extends ProbeSite {
  readonly filter: FilterRules;
}

/** What the probe asks of the fabric. */
export type ProbeStep =
  /** A packet from a host on this segment to the box. The answer: what the box then sent, and where. */
  | { readonly step: 'send'; readonly on: 'inside' | 'outside'; readonly packet: Uint8Array }
  /** Nothing, for so many milliseconds. */
  | { readonly step: 'wait'; readonly ms: number }
  /** The answer: how many seconds the mapping of this inside UDP port has left. */
  | { readonly step: 'timer'; readonly port: number };

export interface Sighting {
  readonly on: 'inside' | 'outside';
  readonly packet: Uint8Array;
}

export interface ProbeAnswer {
  readonly seen: readonly Sighting[];
  readonly seconds?: number;
}

/** Steps of a probe, and at the end what the box does not do as declared. */
export type Probe = Generator<ProbeStep, readonly Mismatch[], ProbeAnswer>;

/** A property of a box, as its kind or filter declares it and as the probe found it. */
export interface Mismatch {
  readonly property: string;
  readonly declared: string;
  readonly found: string;
}

export function mismatchText(mismatches: readonly Mismatch[]): string {
  return mismatches
    .map(({ property, declared, found }) => `${property} is declared ${declared} and is ${found}`)
    .join('; ');
}
