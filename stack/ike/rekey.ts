import type { Instant } from '../engine.ts';
import { onPath } from '../fact.ts';
import { wholeInterval } from '../retransmission.ts';
import type { IkeEffect } from './effect.ts';
import { heardUnder } from './installation.ts';
import { wear } from './lifetime.ts';
import { dial } from './phase1-exchange.ts';
import { beginQuickMode } from './quick-mode-exchange.ts';
import { removeChild, removeIsakmpSa } from './removal.ts';
import { type ChildSa, type EstablishedSa, type IkeState, sameTraffic } from './sa-table.ts';

/*
 * SAs are replaced before they are used up: ESP SAs by a quick mode for the same traffic, an ISAKMP SA by a main
 * mode from and to where IKE goes now, which behind NAT is port 4500 (RFC 3947 4). Either end may begin, and
 * both may at once: then there are two new ones. Only the newest one is ever replaced, and whoever replaces it
 * deletes what it found at that time, so that the number comes back to one.
 */

/** Octets that an ESP SA pair has protected since the last report. */
export interface EspTraffic {
  readonly inboundSpi: number;
  readonly sentOctets: number;
  readonly receivedOctets: number;
}

/** A pair whose outbound sequence numbers are running out, or have (RFC 4303 3.3.3: they never cycle). */
export interface WornPair {
  readonly inboundSpi: number;
  readonly sequenceNumbers: 'scarce' | 'spent';
}

/** Replaces a pair that is running out of sequence numbers, whether or not this end rekeys by time; ends one that has. */
export function wornByEsp(
  state: IkeState,
  { inboundSpi, sequenceNumbers }: WornPair,
  now: Instant,
): IkeEffect[] {
  const child = state.table.children.get(inboundSpi);
  if (child === undefined) return [];
  if (sequenceNumbers === 'spent') return removeChild(state, child, 'local', 'no sequence number left');
  child.lifetime.rekeyAt = now;
  return renewChild(state, child, now);
}

/** Counts what a pair carried: a sign of life, and wear. An unknown SPI is no matter. */
export function carriedByEsp(state: IkeState, traffic: EspTraffic, now: Instant): IkeEffect[] {
  const child = state.table.children.get(traffic.inboundSpi);
  if (child === undefined) return [];
  const effects = traffic.receivedOctets > 0 ? heardUnder(state, child, now) : [];
  switch (wear(child.lifetime, traffic.sentOctets, traffic.receivedOctets)) {
    case 'fresh':
      return effects;
    case 'worn':
      child.lifetime.rekeyAt = now;
      return [...effects, ...renewChild(state, child, now)];
    case 'used-up':
      return [...effects, ...removeChild(state, child, 'timeout', 'kilobytes used up')];
  }
}

/** Counts what an ISAKMP SA protected, both ways. */
export function carriedByIke(state: IkeState, sa: EstablishedSa, octets: number, now: Instant): IkeEffect[] {
  if (sa.lifetime === undefined) return [];
  switch (wear(sa.lifetime, octets, 0)) {
    case 'fresh':
      return [];
    case 'worn':
      sa.lifetime.rekeyAt = now;
      return renewIsakmpSa(state, sa, now);
    case 'used-up':
      return removeIsakmpSa(state, sa, 'timeout', 'kilobytes used up');
  }
}

/** Begins to replace a pair of ESP SAs where that is due. */
export function renewChild(state: IkeState, child: ChildSa, now: Instant): IkeEffect[] {
  const { lifetime, parent } = child;
  if (lifetime.rekeyAt === undefined || lifetime.rekeyAt > now) return [];
  const { table } = state;
  if (table.isReplaced(child)) {
    lifetime.rekeyAt = undefined;
    return [];
  }
  lifetime.overdue = true;
  lifetime.rekeyAt = nextAttempt(state, now);
  const sa = table.newestOf(parent.path);
  if (sa === undefined) return dial(state, parent.ends, now, { path: parent.path, replaced: [] });
  const replaced = table.childrenOn(parent.path).filter((other) => sameTraffic(other, child));
  return onPath(sa.path, beginQuickMode(state, sa, now, replaced));
}

/** Begins to replace an ISAKMP SA where that is due; one that has nothing to look after may end. */
export function renewIsakmpSa(state: IkeState, sa: EstablishedSa, now: Instant): IkeEffect[] {
  const { lifetime, path } = sa;
  if (lifetime?.rekeyAt === undefined || lifetime.rekeyAt > now) return [];
  const { table } = state;
  if (table.newestOf(path) !== sa || table.childrenOn(path).length === 0) {
    lifetime.rekeyAt = undefined;
    return [];
  }
  lifetime.overdue = true;
  lifetime.rekeyAt = nextAttempt(state, now);
  const replaced = table.established.filter((other) => other.path === path);
  return dial(state, sa.ends, now, { path, replaced });
}

/** By then the attempt that begins now has succeeded or was given up. */
function nextAttempt({ config }: IkeState, now: Instant): Instant {
  return now + wholeInterval(config.retransmission) + config.retransmission.firstGapMs;
}
