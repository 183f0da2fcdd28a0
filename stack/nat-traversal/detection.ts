import { ipv4ToBytes, type UdpAddress } from '../address.ts';
import { equalOctets, uint16 } from '../octets.ts';
import type { RevisionNumbers } from './numbers.ts';

/** HASH(CKY-I | CKY-R | IP | Port) with the phase 1 hash, for one address (RFC 3947 3.2). */
export type NatDetectionHash = (address: UdpAddress) => Uint8Array;

export interface NatDetection {
  readonly localBehindNat: boolean;
  readonly peerBehindNat: boolean;
  /** ESP goes in UDP: a NAT was seen, or this end has the peer believe in one (forced encapsulation). */
  readonly encapsulates: boolean;
}

type Order = RevisionNumbers['natDOrder'];

/**
 * @param digest the hash of the ISAKMP SA over the concatenation of its arguments
 */
export function natDetectionHash(
  digest: (...parts: readonly Uint8Array[]) => Uint8Array,
  initiatorCookie: Uint8Array,
  responderCookie: Uint8Array,
): NatDetectionHash {
  return ({ ip, port }) => digest(initiatorCookie, responderCookie, ipv4ToBytes(ip), uint16(port));
}

/**
 * The contents of the NAT-D payloads to send: the peer's address first, then the own one (RFC 3947 3.2), or
 * the other way round where the revision has them so.
 * @param disguise stands for the own address's hash; no address has it, so that the peer sees a NAT
 */
export function natDetectionToSend(
  hash: NatDetectionHash,
  local: UdpAddress,
  peer: UdpAddress,
  order: Order = 'peer-first',
  disguise?: Uint8Array,
): Uint8Array[] {
  const own = disguise ?? hash(local);
  return order === 'peer-first' ? [hash(peer), own] : [own, hash(peer)];
}

/**
 * What the peer's NAT-D payloads show. One is this side as the peer sees it; each further one is an address
 * the peer may send from, and any match will do (RFC 3947 3.2). `undefined` where fewer than two came: then
 * nothing can be told. A payload that is no hash of this SA, by its length or otherwise, matches nothing: the
 * peer that sent it will find the same of ours, and both put ESP in UDP.
 */
export function detectNat(
  hash: NatDetectionHash,
  received: readonly Uint8Array[],
  local: UdpAddress,
  peer: UdpAddress,
  order: Order = 'peer-first',
): Omit<NatDetection, 'encapsulates'> | undefined {
  if (received.length < 2) return undefined;
  const matches = (address: UdpAddress) => {
    const expected = hash(address);
    return (content: Uint8Array | undefined) => content !== undefined && equalOctets(content, expected);
  };
  const [isLocal, isPeer] = [matches(local), matches(peer)];
  const [first, ...later] = received;
  // Both in the other's place cannot be chance: the order is wrong, and there is no NAT.
  const reversed = isPeer(first) && later.some(isLocal);
  const ownFirst = reversed || (order === 'own-first' && !isLocal(first));
  const ours = ownFirst ? received.at(-1) : first;
  const theirs = ownFirst ? received.slice(0, -1) : later;
  return reversed
    ? { localBehindNat: false, peerBehindNat: false }
    : { localBehindNat: !isLocal(ours), peerBehindNat: !theirs.some(isPeer) };
}
