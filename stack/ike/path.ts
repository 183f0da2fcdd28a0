import { sameUdpAddress } from '../address.ts';
import { equalOctets, hex } from '../octets.ts';
import type { Cookies } from './phase1.ts';
import type { EstablishedSa, SaTable } from './sa-table.ts';

/*
 * A *path* names one peer behind however many SAs follow each other in time. Addresses cannot do that:
 * a peer behind NAT changes them, and what it had is given to the next one (RFC 3947 7).
 */

/** The path of a negotiation that begins: both cookies, of which this side has drawn one, in hexadecimal digits. */
export function newPath({ initiatorCookie, responderCookie }: Cookies): string {
  return hex(initiatorCookie) + hex(responderCookie);
}

/**
 * The path of an ISAKMP SA that is established now: that of an earlier one with the same peer (one that is
 * gone may have left ESP SAs), or its own.
 */
export function establishedPath(table: SaTable, newcomer: EstablishedSa): string {
  const parents = [...table.children.values()].map(({ parent }) => parent);
  return [...table.established, ...parents].find((sa) => isSamePeer(sa, newcomer))?.path ?? newcomer.path;
}

/**
 * Whether two established SAs are with the same peer. Behind a NAT the address says nothing of who somebody
 * is (RFC 3947 6), and private addresses repeat from one home to the next: there only the same identity at
 * the same address and port is the same peer.
 */
export function isSamePeer(earlier: EstablishedSa, newcomer: EstablishedSa): boolean {
  const [before, now] = [earlier.state.peerIdentity, newcomer.state.peerIdentity];
  if (earlier === newcomer || before.idType !== now.idType || !equalOctets(before.data, now.data))
    return false;
  const behindNat = earlier.state.nat?.peerBehindNat || newcomer.state.nat?.peerBehindNat;
  return behindNat
    ? sameUdpAddress(earlier.ends.peer, newcomer.ends.peer)
    : earlier.ends.peer.ip === newcomer.ends.peer.ip;
}
