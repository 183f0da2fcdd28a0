import type { Instant, RandomSource } from '../engine.ts';
import { onPath, told } from '../fact.ts';
import { ipsecDoi, ProtocolId } from '../isakmp/ipsec-doi.ts';
import type { Notification } from '../isakmp/notification.ts';
import { NotifyType } from '../isakmp/notify-type.ts';
import { concat, equalOctets, hex, readUint, uint32 } from '../octets.ts';
import type { DeadPeerDetection, IkeConfig } from './config.ts';
import type { IkeEffect } from './effect.ts';
import { removeChild, removeIsakmpSa, sendNotification } from './removal.ts';
import type { EstablishedSa, IkeState, IsakmpSa } from './sa-table.ts';

/*
 * Dead peer detection (RFC 3706): a peer that was not heard for a while is asked R-U-THERE, and is dead when it
 * stays silent. The newest ISAKMP SA of a path asks; any that is there answers.
 */

/** RFC 3706 5.1: 14 octets of hash, then major version 1 and minor version 0. */
const vendorIdHash = 'afcad71368a1f1c96b8696fc7757';
const vendorId = `${vendorIdHash}0100`;

/** What one ISAKMP SA knows of the life of its peer. */
export interface PeerWatch {
  /** The peer announced RFC 3706: only such a one may be asked (RFC 3706 5.1). */
  announced: boolean;
  /** When something authentic came last, ESP or IKE: as good as an answer (RFC 3706 5.4). */
  heardAt: Instant;
  /** Of the R-U-THERE sent last. */
  sequence: number | undefined;
  /** The oldest one that may still be answered. */
  openFrom: number;
  /** How many in a row had neither an answer nor another sign of life. */
  unanswered: number;
  askedAt: Instant;
  /** Of the peer's R-U-THERE answered last. */
  peerSequence: number | undefined;
}

export function newPeerWatch(): PeerWatch {
  return {
    announced: false,
    heardAt: 0,
    sequence: undefined,
    openFrom: 0,
    unanswered: 0,
    askedAt: 0,
    peerSequence: undefined,
  };
}

/** The vendor ids of a configuration, with that of RFC 3706 where it is done. */
export function withDeadPeerVendorId({ vendorIds, deadPeerDetection }: IkeConfig): readonly string[] {
  const named = vendorIds.some((id) => id.toLowerCase() === vendorId);
  return deadPeerDetection === undefined || named ? vendorIds : [...vendorIds, vendorId];
}

/** Whether one of these vendor ids is that of RFC 3706, in any minor version of 1. */
export function announcesDeadPeerDetection(vendorIds: readonly Uint8Array[]): boolean {
  return vendorIds.some((id) => id.length === 16 && hex(id).startsWith(`${vendorIdHash}01`));
}

/** The peer of this SA lives. */
export function heard({ watch }: EstablishedSa, now: Instant): void {
  watch.heardAt = now;
  watch.unanswered = 0;
}

/** When the peer of an SA has to be asked next, or is dead; `undefined` where it never is. */
export function askingDue({ config }: IkeState, { watch }: EstablishedSa): Instant | undefined {
  const { deadPeerDetection: detection } = config;
  if (detection?.mode !== 'both' || !watch.announced) return undefined;
  return watch.unanswered === 0
    ? watch.heardAt + detection.idleSeconds * 1000
    : watch.askedAt + detection.retrySeconds * 1000;
}

/** Asks, asks again, or gives the peer up (RFC 3706 5.4). */
export function ask(state: IkeState, sa: EstablishedSa, now: Instant): IkeEffect[] {
  const { deadPeerDetection: detection } = state.config;
  const due = askingDue(state, sa);
  if (detection === undefined || due === undefined || due > now) return [];
  const { watch } = sa;
  if (watch.unanswered >= detection.attempts) return buryPeer(state, sa, detection);
  watch.sequence = watch.sequence === undefined ? firstSequence(state.random) : next(watch.sequence);
  if (watch.unanswered === 0) watch.openFrom = watch.sequence;
  watch.unanswered++;
  watch.askedAt = now;
  return sendNotification(state, sa, deadPeerNotification(sa, 'R-U-THERE', watch.sequence));
}

export function isDeadPeerNotify({ notification }: { readonly notification: Notification }): boolean {
  const { notifyType } = notification;
  return notifyType === NotifyType['R-U-THERE'] || notifyType === NotifyType['R-U-THERE-ACK'];
}

/** A protected R-U-THERE or R-U-THERE-ACK. One that is not about this SA, or is not the next one, counts for nothing. */
export function receiveDeadPeerNotify(
  state: IkeState,
  sa: EstablishedSa,
  { notifyType, spi, data }: Notification,
  now: Instant,
): IkeEffect[] {
  const cookies = concat(sa.initiatorCookie, sa.responderCookie);
  if (!equalOctets(spi, cookies) || data.length !== 4) return refusedNotify('about another ISAKMP SA');
  const sequence = readUint(data, 0, 4);
  const { watch } = sa;
  if (notifyType === NotifyType['R-U-THERE-ACK']) {
    const { sequence: last, openFrom } = watch;
    const open = last !== undefined && sequence >= openFrom && sequence <= last;
    if (!open) return refusedNotify(`answers ${sequence}, which is not open`);
    watch.openFrom = sequence + 1;
    heard(sa, now);
    return [];
  }
  if (state.config.deadPeerDetection === undefined) return [];
  if (watch.peerSequence !== undefined && sequence <= watch.peerSequence) {
    return refusedNotify(`sequence number ${sequence} is not behind ${watch.peerSequence}`);
  }
  watch.peerSequence = sequence;
  heard(sa, now);
  return sendNotification(state, sa, deadPeerNotification(sa, 'R-U-THERE-ACK', sequence));
}

function buryPeer(state: IkeState, sa: EstablishedSa, { attempts }: DeadPeerDetection): IkeEffect[] {
  const { table } = state;
  const detail = `${attempts} R-U-THERE stayed unanswered`;
  return [
    ...told({ fact: 'dead-peer', detail }),
    ...table.established
      .filter(({ path }) => path === sa.path)
      .flatMap((each) => removeIsakmpSa(state, each, 'timeout', detail)),
  ];
}

/**
 * An unanswered main mode was to replace an ISAKMP SA that is gone by now, and with it the way to ask: that was
 * the question, and what is left of the path ends where dead peers are to be detected.
 */
export function buryOrphans(state: IkeState, { renewal }: IsakmpSa): IkeEffect[] {
  const { config, table } = state;
  if (renewal === undefined || config.deadPeerDetection?.mode !== 'both') return [];
  const { path } = renewal;
  const orphans = table.newestOf(path) === undefined ? table.childrenOn(path) : [];
  if (orphans.length === 0) return [];
  const detail = 'main mode stayed unanswered';
  return [
    ...onPath(path, told({ fact: 'dead-peer', detail })),
    ...orphans.flatMap((child) => removeChild(state, child, 'timeout', detail)),
  ];
}

/** RFC 3706 5.3: the SPI is both cookies, the data the sequence number. */
function deadPeerNotification(
  { initiatorCookie, responderCookie }: EstablishedSa,
  notify: 'R-U-THERE' | 'R-U-THERE-ACK',
  sequence: number,
): Notification {
  return {
    doi: ipsecDoi,
    protocolId: ProtocolId.isakmp,
    notifyType: NotifyType[notify],
    spi: concat(initiatorCookie, responderCookie),
    data: uint32(sequence),
  };
}

/** Random, with the high bit clear, so that it does not run over (RFC 3706 6.2). */
function firstSequence(random: RandomSource): number {
  return readUint(random(4), 0, 4) % 2 ** 31;
}

function next(sequence: number): number {
  return (sequence + 1) % 2 ** 32;
}

function refusedNotify(detail: string): IkeEffect[] {
  return told({ fact: 'packet-dropped', reason: 'replayed', detail: `dead peer detection: ${detail}` });
}
