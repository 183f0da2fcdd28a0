import { type Decoded, decoded, malformed } from '../decode.ts';
import { unwritten } from '../octets.ts';
import { type AddressPair, protocolUdp, transportChecksum } from './checksum.ts';

export const udpHeaderLength = 8;

/** A UDP datagram (RFC 768). */
export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** As it stood in the header; 0 for none. `transportChecksumHolds` verifies it. */
  readonly checksum: number;
  readonly payload: Uint8Array;
}

type UdpContent = Pick<UdpDatagram, 'sourcePort' | 'destinationPort' | 'payload'>;

/** Reads a UDP datagram; `payload` is a view. Octets after its Length are ignored (RFC 4303 2.7 allows them in ESP). */
export function parseUdp(bytes: Uint8Array): Decoded<UdpDatagram> {
  if (bytes.length < udpHeaderLength) {
    return malformed('truncated', 'Udp', 0, `${bytes.length} octets, a header has ${udpHeaderLength}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(4);
  if (length < udpHeaderLength || length > bytes.length) {
    return malformed('bad-length', 'Udp.Length', 4, `${length} with ${bytes.length} octets present`);
  }
  return decoded({
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    checksum: view.getUint16(6),
    payload: bytes.subarray(udpHeaderLength, length),
  });
}

/**
 * Octets of a datagram. With `addresses` its checksum is computed, without it is zero, which means
 * none. Throws a RangeError where the payload does not fit.
 */
export function buildUdp(datagram: UdpContent, addresses?: AddressPair): Uint8Array {
  const bytes = unwritten(udpHeaderLength + datagram.payload.length);
  writeUdp(bytes, 0, datagram, addresses);
  return bytes;
}

/** The same into `bytes` at `offset`; gives the length of the datagram. */
export function writeUdp(
  bytes: Uint8Array,
  offset: number,
  { sourcePort, destinationPort, payload }: UdpContent,
  addresses?: AddressPair,
): number {
  const length = udpHeaderLength + payload.length;
  if (length > 0xffff) throw new RangeError(`${length} octets do not fit a UDP datagram`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint16(4, length);
  view.setUint16(6, 0);
  bytes.set(payload, offset + udpHeaderLength);
  if (addresses) view.setUint16(6, transportChecksum(addresses, protocolUdp, bytes, offset, length));
  return length;
}
