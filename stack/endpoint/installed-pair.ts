import { createSa, type Sa } from '../esp/packet.ts';
import { counter } from '../esp/record.ts';
import type { DropReason, Fact } from '../fact.ts';
import type { AddressPair } from '../ip/checksum.ts';
import type { SaPair } from '../sa.ts';
import type { EndpointEffect } from './config.ts';
import type { Drop } from './inner-datagram.ts';
import type { SaStatus } from './inspection.ts';

/** A negotiated pair of SAs at this end, and what became of it. */
export interface InstalledPair {
  pair: SaPair;
  readonly path: string;
  readonly inbound: Sa;
  readonly outbound: Sa;
  /** Outer addresses when the pair was negotiated: what NAT-OA told the peer that checksums are over. */
  readonly original: AddressPair;
  /** Both ends have it; else the peer may, and this end only receives. */
  installed: boolean;
  sent: boolean;
  received: boolean;
  /** IKE knows that the peer has it, so that it may carry what is sent. */
  used: boolean;
  /** Sequence numbers are running out, and that was told. */
  scarce: boolean;
  /** Besides what the records of both directions count. */
  readonly drops: Readonly<Record<'in' | 'out', Map<DropReason, number>>>;
}

/** A pair that receives, and that IKE has not installed yet. */
export function expectedPair(pair: SaPair, path: string, replayWindow: number): InstalledPair {
  return {
    pair,
    path,
    inbound: createSa(pair.inbound, replayWindow),
    outbound: createSa(pair.outbound, replayWindow),
    original: { source: pair.local.ip, destination: pair.peer.ip },
    installed: false,
    sent: false,
    received: false,
    used: false,
    scarce: false,
    drops: { in: new Map(), out: new Map() },
  };
}

/** What somebody who looks in sees of one direction. */
export function statusOf({ path, pair, drops, ...sas }: InstalledPair, direction: 'in' | 'out'): SaStatus {
  const which = ({ in: 'inbound', out: 'outbound' } as const)[direction];
  const { spi, algorithms } = pair[which];
  const { record } = sas[which];
  const { mode, encapsulation } = pair;
  const [packets, octets, dummies] = [
    counter(record, 'packets'),
    counter(record, 'octets'),
    counter(record, 'dummies'),
  ];
  const dropped = new Map(drops[direction]);
  for (const [reason, name] of recordedDrops) {
    const number = counter(record, name) + (dropped.get(reason) ?? 0);
    if (number > 0) dropped.set(reason, number);
  }
  const counts = { packets, octets, dummies, drops: Object.fromEntries(dropped) };
  return { path, direction, spi, algorithms, mode, encapsulation, ...counts };
}

/** What `open` drops, and the counter of the record that has it. */
const recordedDrops = [
  ['replayed', 'replayed'],
  ['bad-icv', 'badIcv'],
  ['bad-padding', 'badPadding'],
  ['malformed', 'malformed'],
] as const;

/** A fact about the pair's peer. */
export function about({ path, pair: { peer } }: InstalledPair, fact: Fact): EndpointEffect {
  return { effect: 'fact', path, peer, fact };
}

/** The fact that a packet of an SA went no further, which is counted, too. */
export function refused(
  sa: InstalledPair,
  direction: 'in' | 'out',
  { reason, detail }: Drop,
): EndpointEffect {
  sa.drops[direction].set(reason, (sa.drops[direction].get(reason) ?? 0) + 1);
  return about(sa, { fact: 'packet-dropped', reason, detail });
}
