import { sameUdpAddress } from '../address.ts';
import { onPath, told } from '../fact.ts';
import { natTraversalPort } from '../nat-traversal/datagram.ts';
import type { IkeConfig } from './config.ts';
import type { IkeEffect } from './effect.ts';
import type { Ends } from './exchange.ts';
import { type IkeState, type IsakmpSa, isEstablished } from './sa-table.ts';

/** A message from the wire: where it came from, where it arrived, its octets without non-ESP marker. */
export interface ReceivedDatagram {
  readonly ends: Ends;
  readonly octets: Uint8Array;
}

/**
 * A fresh and authentic message or ESP packet came from another place: a peer behind NAT has a new mapping,
 * and everything on its path goes there from now on (RFC 3947 7). A peer that is not behind NAT is not
 * followed, nor is a responder by an initiator that is behind NAT itself. What came to another port of this
 * end than the agreed one is old and moves nothing (RFC 3947 4).
 */
export function follow({ config, table }: IkeState, sa: IsakmpSa, ends: Ends): IkeEffect[] {
  const { peer: from, local } = sa.ends;
  if (!mayMove(sa, config) || local.port !== ends.local.port || sameUdpAddress(from, ends.peer)) return [];
  for (const each of table.established) {
    if (each.path === sa.path && each.ends.local.port === local.port) each.ends = ends;
  }
  const { path } = sa;
  return [
    { effect: 'peer-moved', path, from, to: ends.peer },
    ...onPath(path, told({ fact: 'peer-moved', from, to: ends.peer })),
  ];
}

/** Phase 1 that comes to port 500 once its ports have changed is old, and SHOULD be discarded (RFC 3947 4). */
export function isOld(sa: IsakmpSa, { local }: Ends): boolean {
  return sa.ends.local.port === natTraversalPort && local.port !== natTraversalPort;
}

/** RFC 3947 7: the end that is behind a NAT that gave it its mapping MUST NOT follow the other. */
function mayMove(sa: IsakmpSa, { role }: IkeConfig): boolean {
  if (!isEstablished(sa) || !sa.state.nat?.peerBehindNat) return false;
  return role === 'responder' || !sa.state.nat.localBehindNat;
}
