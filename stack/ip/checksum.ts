import { type Ipv4, ipv4ToBytes } from '../address.ts';

/** IP protocol numbers whose checksum covers a pseudo-header (RFC 768, RFC 9293 3.1). */
export const protocolTcp = 6;
export const protocolUdp = 17;

/** The two addresses of the pseudo-header. */
export interface AddressPair {
  readonly source: Ipv4;
  readonly destination: Ipv4;
}

/**
 * One's complement sum of the 16 bit words of `length` octets, an odd last octet padded with zero
 * (RFC 1071 1), added to `sum`. Not folded: pass it to another call or to `checksumOf`.
 */
export function addToSum(sum: number, bytes: Uint8Array, offset: number, length: number): number {
  const end = offset + length;
  let total = sum;
  for (let at = offset; at + 1 < end; at += 2) {
    total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  }
  // No fold in the loop: 2^16 words of 16 bits stay far below 2^53.
  return length % 2 === 0 ? total : total + ((bytes[end - 1] ?? 0) << 8);
}

/** Sum with the carries added in, 0 to 0xFFFF. */
export function foldSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return folded;
}

/** The Internet checksum field for a sum: its one's complement. */
export function checksumOf(sum: number): number {
  return ~foldSum(sum) & 0xffff;
}

/** Internet checksum of `length` octets (RFC 1071). */
export function internetChecksum(bytes: Uint8Array, offset = 0, length = bytes.length - offset): number {
  return checksumOf(addToSum(0, bytes, offset, length));
}

/**
 * The checksum after the octets `before`, somewhere at an even place under it, became `after`:
 * HC' = ~(~HC + ~m + m'), RFC 1624 3, equation 3. Both have one even length.
 */
export function updatedChecksum(checksum: number, before: Uint8Array, after: Uint8Array): number {
  if (before.length !== after.length || before.length % 2 !== 0) {
    throw new RangeError(
      `a checksum update takes equal even lengths, not ${before.length} and ${after.length}`,
    );
  }
  const complementOfBefore = (before.length / 2) * 0xffff - addToSum(0, before, 0, before.length);
  return checksumOf((~checksum & 0xffff) + complementOfBefore + addToSum(0, after, 0, after.length));
}

/** The same of one word under the checksum. */
export function updatedWord(checksum: number, before: number, after: number): number {
  return checksumOf((~checksum & 0xffff) + (0xffff - before) + after);
}

/** Sum of the pseudo-header of a TCP or UDP segment of `length` octets (RFC 768). */
function pseudoHeaderSum(addresses: AddressPair, protocol: number, length: number): number {
  const source = ipv4ToBytes(addresses.source);
  const destination = ipv4ToBytes(addresses.destination);
  return addToSum(addToSum(protocol + length, source, 0, 4), destination, 0, 4);
}

/** Where a protocol keeps its checksum, in octets from the start of its header. */
export function transportChecksumOffset(protocol: number): number | undefined {
  if (protocol === protocolUdp) return 6;
  return protocol === protocolTcp ? 16 : undefined;
}

/**
 * Octets of a segment that its checksum covers: all of a TCP segment, and of a UDP datagram what its
 * Length field says (ESP may carry more behind it: traffic flow confidentiality padding, RFC 4303 2.7).
 * `undefined` where the segment is too short for its header or for its own Length.
 */
export function coveredLength(
  protocol: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number | undefined {
  if (protocol === protocolTcp) return length >= 20 ? length : undefined;
  if (length < 8) return undefined;
  const udpLength = ((bytes[offset + 4] ?? 0) << 8) | (bytes[offset + 5] ?? 0);
  return udpLength >= 8 && udpLength <= length ? udpLength : undefined;
}

/** Full computation of a TCP or UDP checksum; the field itself counts as zero. Zero becomes 0xFFFF for UDP (RFC 768). */
export function transportChecksum(
  addresses: AddressPair,
  protocol: typeof protocolTcp | typeof protocolUdp,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  const field = offset + (protocol === protocolUdp ? 6 : 16);
  const present = ((bytes[field] ?? 0) << 8) | (bytes[field + 1] ?? 0);
  const sum = addToSum(pseudoHeaderSum(addresses, protocol, length), bytes, offset, length) - present;
  const checksum = checksumOf(sum);
  return checksum === 0 && protocol === protocolUdp ? 0xffff : checksum;
}

/**
 * Whether the checksum of a segment of `length` octets at `offset` holds between these addresses.
 * A UDP checksum of zero means that there is none (RFC 768), and other protocols have no pseudo-header:
 * both hold. A TCP or UDP segment that is cut short does not.
 */
export function transportChecksumHolds(
  addresses: AddressPair,
  protocol: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const field = transportChecksumOffset(protocol);
  if (field === undefined) return true;
  const covered = coveredLength(protocol, bytes, offset, length);
  if (covered === undefined) return false;
  if (protocol === protocolUdp && bytes[offset + field] === 0 && bytes[offset + field + 1] === 0) return true;
  return checksumOf(addToSum(pseudoHeaderSum(addresses, protocol, covered), bytes, offset, covered)) === 0;
}
