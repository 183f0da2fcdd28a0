import { ipv4ToBytes } from '../address.ts';
import {
  type AddressPair,
  coveredLength,
  protocolTcp,
  protocolUdp,
  transportChecksum,
  transportChecksumOffset,
  updatedChecksum,
} from '../ip/checksum.ts';

/**
 * Repairs the TCP or UDP checksum of a transport mode packet that crossed a NAT, in place (RFC 3948
 * 3.1.2). The sender computed it over `original`, what NAT-OA said of both ends (RFC 3947 5.2); the
 * receiver sees the packet between `seen`.
 *
 * - With `original`: incremental, so that damage done on the way stays visible to the verification.
 * - Without: a UDP checksum becomes zero, a TCP checksum is computed afresh; ESP's ICV vouches for both.
 *
 * Other protocols, a UDP checksum of zero and segments too short for their header stay as they are.
 */
export function repairTransportChecksum(
  pool: Uint8Array,
  offset: number,
  length: number,
  protocol: number,
  seen: AddressPair,
  original: AddressPair | undefined,
): void {
  if (protocol !== protocolUdp && protocol !== protocolTcp) return;
  const field = transportChecksumOffset(protocol);
  const covered = coveredLength(protocol, pool, offset, length);
  if (field === undefined || covered === undefined) return;
  const at = offset + field;
  const present = ((pool[at] ?? 0) << 8) | (pool[at + 1] ?? 0);
  if (protocol === protocolUdp && present === 0) return;

  let repaired: number;
  if (original !== undefined) {
    repaired = updatedChecksum(present, addressOctets(original), addressOctets(seen));
    if (repaired === 0 && protocol === protocolUdp) repaired = 0xffff;
  } else {
    repaired = protocol === protocolUdp ? 0 : transportChecksum(seen, protocol, pool, offset, covered);
  }
  pool[at] = repaired >> 8;
  pool[at + 1] = repaired & 0xff;
}

function addressOctets(addresses: AddressPair): Uint8Array {
  const octets = new Uint8Array(8);
  octets.set(ipv4ToBytes(addresses.source));
  octets.set(ipv4ToBytes(addresses.destination), 4);
  return octets;
}
