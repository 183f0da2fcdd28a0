import { ipv4ToBytes, type UdpAddress } from '../address.ts';
import { equalOctets, uint16 } from '../octets.ts';

/** HASH(CKY-I | CKY-R | IP | Port) with the phase 1 hash, for one address (RFC 3947 3.2). */
export type NatDetectionHash = (address: UdpAddress) => Uint8Array;

export interface NatDetection {
  readonly localBehindNat: boolean;
  readonly peerBehindNat: boolean;
}

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

/** The contents of the NAT-D payloads to send: the peer's address first, then the own one (RFC 3947 3.2). */
export function natDetectionToSend(
  hash: NatDetectionHash,
  local: UdpAddress,
  peer: UdpAddress,
): Uint8Array[] {
  return [hash(peer), hash(local)];
}

/**
 * What the peer's NAT-D payloads show. The first is this side as the peer sees it; each further one
 * is an address the peer may send from, and any match will do (RFC 3947 3.2). `undefined` where fewer
 * than two came: then nothing can be told.
 */
export function detectNat(
  hash: NatDetectionHash,
  received: readonly Uint8Array[],
  local: UdpAddress,
  peer: UdpAddress,
): NatDetection | undefined {
  const [ours, ...theirs] = received;
  if (ours === undefined || theirs.length === 0) return undefined;
  const seen = hash(peer);
  return {
    localBehindNat: !equalOctets(ours, hash(local)),
    peerBehindNat: !theirs.some((source) => equalOctets(source, seen)),
  };
}
