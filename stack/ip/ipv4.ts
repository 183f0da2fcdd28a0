import { type Ipv4, ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import { type Decoded, decoded, malformed } from '../decode.ts';
import { unwritten } from '../octets.ts';
import { type AddressPair, internetChecksum } from './checksum.ts';

/** Without options. */
export const ipv4HeaderLength = 20;

/** An IPv4 packet or fragment (RFC 791 3.1). Version, header length, total length and checksum follow from the rest. */
export interface Ipv4Packet {
  readonly typeOfService: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** Octets, a multiple of 8. */
  readonly fragmentOffset: number;
  readonly timeToLive: number;
  readonly protocol: number;
  readonly source: Ipv4;
  readonly destination: Ipv4;
  /** Raw, padded to a multiple of four octets. */
  readonly options: Uint8Array;
  readonly payload: Uint8Array;
}

/** A whole packet of 64 hops without options, the usual case. */
export function ipv4Packet(
  fields: Pick<Ipv4Packet, 'protocol' | 'source' | 'destination' | 'payload'> & Partial<Ipv4Packet>,
): Ipv4Packet {
  return {
    typeOfService: 0,
    identification: 0,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    timeToLive: 64,
    options: new Uint8Array(0),
    ...fields,
  };
}

/** Between whom a packet goes, without a look at the rest; `undefined` where it is too short for a header. */
export function ipv4Addresses(bytes: Uint8Array): AddressPair | undefined {
  if (bytes.length < ipv4HeaderLength) return undefined;
  return { source: ipv4FromBytes(bytes, 12), destination: ipv4FromBytes(bytes, 16) };
}

/**
 * Reads an IPv4 packet; `payload` and `options` are views of `bytes`. Octets after the total length
 * are padding of the link and ignored. A wrong header checksum is a `bad-value`.
 */
export function parseIpv4(bytes: Uint8Array): Decoded<Ipv4Packet> {
  if (bytes.length < ipv4HeaderLength) {
    return malformed(
      'truncated',
      'Ipv4',
      0,
      `${bytes.length} octets, a header has at least ${ipv4HeaderLength}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(0) >> 4;
  if (version !== 4) return malformed('unsupported', 'Ipv4.Version', 0, `version ${version}`);
  const headerLength = (view.getUint8(0) & 0xf) * 4;
  if (headerLength < ipv4HeaderLength || headerLength > bytes.length) {
    return malformed('bad-length', 'Ipv4.IHL', 0, `header of ${headerLength} octets in ${bytes.length}`);
  }
  const totalLength = view.getUint16(2);
  if (totalLength < headerLength || totalLength > bytes.length) {
    return malformed(
      'bad-length',
      'Ipv4.Total Length',
      2,
      `${totalLength} with ${bytes.length} octets present`,
    );
  }
  if (internetChecksum(bytes, 0, headerLength) !== 0) {
    return malformed('bad-value', 'Ipv4.Header Checksum', 10, 'does not hold');
  }
  const fragment = view.getUint16(6);
  return decoded({
    typeOfService: view.getUint8(1),
    identification: view.getUint16(4),
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    timeToLive: view.getUint8(8),
    protocol: view.getUint8(9),
    source: ipv4FromBytes(bytes, 12),
    destination: ipv4FromBytes(bytes, 16),
    options: bytes.subarray(ipv4HeaderLength, headerLength),
    payload: bytes.subarray(headerLength, totalLength),
  });
}

/** Octets of the packet, header checksum included. Throws a RangeError on fields that no header can carry. */
export function buildIpv4(packet: Ipv4Packet): Uint8Array {
  const headerLength = ipv4HeaderLength + packet.options.length;
  const bytes = unwritten(headerLength + packet.payload.length);
  writeIpv4Header(bytes, 0, packet);
  bytes.set(packet.payload, headerLength);
  return bytes;
}

/**
 * Writes the header alone into `bytes` at `offset`, for a payload that stands behind it. Throws a RangeError
 * on fields that no header can carry, and where it does not fit.
 */
export function writeIpv4Header(bytes: Uint8Array, offset: number, packet: Ipv4Packet): void {
  const headerLength = ipv4HeaderLength + packet.options.length;
  const totalLength = headerLength + packet.payload.length;
  if (packet.options.length % 4 !== 0 || headerLength > 60) {
    throw new RangeError(`options of ${packet.options.length} octets do not fit an IPv4 header`);
  }
  if (totalLength > 0xffff) throw new RangeError(`${totalLength} octets do not fit an IPv4 packet`);
  if (packet.fragmentOffset % 8 !== 0 || packet.fragmentOffset > 0xfff8) {
    throw new RangeError(`a fragment cannot start at octet ${packet.fragmentOffset}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, headerLength);
  view.setUint8(0, 0x40 | (headerLength / 4));
  view.setUint8(1, packet.typeOfService);
  view.setUint16(2, totalLength);
  view.setUint16(4, packet.identification);
  const flags = (packet.dontFragment ? 0x4000 : 0) | (packet.moreFragments ? 0x2000 : 0);
  view.setUint16(6, flags | (packet.fragmentOffset / 8));
  view.setUint8(8, packet.timeToLive);
  view.setUint8(9, packet.protocol);
  view.setUint16(10, 0);
  bytes.set(ipv4ToBytes(packet.source), offset + 12);
  bytes.set(ipv4ToBytes(packet.destination), offset + 16);
  bytes.set(packet.options, offset + ipv4HeaderLength);
  view.setUint16(10, internetChecksum(bytes, offset, headerLength));
}
