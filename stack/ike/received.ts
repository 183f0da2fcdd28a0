import { sameUdpAddress } from '../address.ts';
import type { IkeEffect } from './effect.ts';
import type { Ends } from './exchange.ts';
import { type IsakmpSa, isEstablished } from './sa-table.ts';

/** A message from the wire: where it came from, where it arrived, its octets without non-ESP marker. */
export interface ReceivedDatagram {
  readonly ends: Ends;
  readonly octets: Uint8Array;
}

/**
 * A fresh and authentic message came from another place: a peer behind NAT has a new mapping, and
 * everything goes there from now on (RFC 3947 7). A peer that is not behind NAT is not followed.
 */
export function follow(sa: IsakmpSa, ends: Ends): IkeEffect[] {
  if (!isEstablished(sa) || !sa.state.nat?.peerBehindNat) return [];
  const { peer: from } = sa.ends;
  if (sameUdpAddress(from, ends.peer)) return [];
  sa.ends = ends;
  return [{ effect: 'peer-moved', path: sa.path, from, to: ends.peer }];
}
