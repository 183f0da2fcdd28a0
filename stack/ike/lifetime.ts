import type { Instant, RandomSource } from '../engine.ts';
import { readUint } from '../octets.ts';
import type { RekeyConfig } from './config.ts';
import type { Limits } from './limits.ts';

/** How long an SA of either phase is used: hard limits, and the soft ones at which it is replaced (RFC 4301 4.4.2.1). */
export interface Lifetime {
  expiresAt: Instant;
  /** When this end begins to replace it, or tries again; `undefined` where it does not. */
  rekeyAt: Instant | undefined;
  /** A soft limit was reached, and this end began to replace it. */
  overdue: boolean;
  /** When this end, which has replaced it, deletes it. */
  retireAt: Instant | undefined;
  /** What it protected, one way and the other. */
  sentOctets: number;
  receivedOctets: number;
  /** Infinity for no bound. */
  rekeyOctets: number;
  maximumOctets: number;
}

/** The life of an SA that begins now. Soft limits, and those in kilobytes, are for an end that rekeys. */
export function newLifetime(
  limits: Limits,
  rekey: RekeyConfig | undefined,
  random: RandomSource,
  now: Instant,
): Lifetime {
  const milliseconds = limits.lifetimeSeconds * 1000;
  const expiresAt = now + milliseconds;
  const lifetime = { expiresAt, overdue: false, retireAt: undefined, sentOctets: 0, receivedOctets: 0 };
  if (rekey === undefined) {
    return { ...lifetime, rekeyAt: undefined, rekeyOctets: Infinity, maximumOctets: Infinity };
  }
  const stretch = 1 + rekey.fuzz * (readUint(random(4), 0, 4) / 2 ** 32);
  const maximumOctets = (limits.lifetimeKilobytes ?? Infinity) * 1024;
  return {
    ...lifetime,
    rekeyAt: now + soft(milliseconds, rekey.marginSeconds * 1000 * stretch),
    rekeyOctets: soft(maximumOctets, rekey.marginKilobytes * 1024 * stretch),
    maximumOctets,
  };
}

/** A margin wider than half of it all would leave an SA that is replaced as soon as it is made. */
function soft(whole: number, margin: number): number {
  return Math.max(whole / 2, whole - margin);
}

/** The peer keeps the SA for less than was agreed (RFC 2407 4.6.3.1), and so does this end: the nearer limits hold. */
export function shorten(lifetime: Lifetime, shorter: Lifetime): void {
  lifetime.expiresAt = Math.min(lifetime.expiresAt, shorter.expiresAt);
  if (lifetime.rekeyAt !== undefined && shorter.rekeyAt !== undefined) {
    lifetime.rekeyAt = Math.min(lifetime.rekeyAt, shorter.rekeyAt);
  }
  lifetime.rekeyOctets = Math.min(lifetime.rekeyOctets, shorter.rekeyOctets);
  lifetime.maximumOctets = Math.min(lifetime.maximumOctets, shorter.maximumOctets);
}

/** Counts what an SA protected. Gives whether it must be replaced now for the first time, or is used up. */
export function wear(lifetime: Lifetime, sent: number, received: number): 'fresh' | 'worn' | 'used-up' {
  lifetime.sentOctets += sent;
  lifetime.receivedOctets += received;
  const octets = Math.max(lifetime.sentOctets, lifetime.receivedOctets);
  if (octets >= lifetime.maximumOctets) return 'used-up';
  if (octets < lifetime.rekeyOctets) return 'fresh';
  lifetime.rekeyOctets = Infinity;
  return 'worn';
}
