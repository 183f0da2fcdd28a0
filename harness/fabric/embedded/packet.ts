import { updatedWord } from '../../../stack/ip/checksum.ts';
import { copied } from '../../../stack/octets.ts';

/** Reading and rewriting IPv4 packets where they lie, as routers do; addresses are numbers of 32 bits. */

export const protocolIcmp = 1;
export const protocolTcp = 6;
export const protocolUdp = 17;
export const protocolEsp = 50;
export const protocolAh = 51;

/** Octets of the IP header, by its own word. */
export const headerLengthOf = (packet: Uint8Array) => ((packet[0] ?? 0) & 0xf) * 4;

/** Of dotted decimals that a schema has checked. */
export function addressNumber(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function addressText(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

/** 32 bits of the mask of a prefix. */
export function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

function u16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

function u32(bytes: Uint8Array, offset: number): number {
  return u16(bytes, offset) * 0x10000 + u16(bytes, offset + 2);
}

/** What a router looks at. */
export interface PacketView {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly timeToLive: number;
  readonly totalLength: number;
  /** A part of a packet that is not its first has no ports. */
  readonly isLaterFragment: boolean;
  readonly isFragment: boolean;
  /** UDP and TCP ports; the identifier of ICMP echo stands for both. Absent where there is none. */
  readonly ports: { readonly source: number; readonly destination: number } | undefined;
  readonly icmpType: number | undefined;
  readonly payload: Uint8Array;
}

/** `undefined` for octets that are no IPv4 packet. */
export function viewPacket(packet: Uint8Array): PacketView | undefined {
  const headerLength = headerLengthOf(packet);
  const totalLength = u16(packet, 2);
  if (packet.length < 20 || (packet[0] ?? 0) >> 4 !== 4) return undefined;
  if (headerLength < 20 || totalLength < headerLength || totalLength > packet.length) return undefined;
  const fragment = u16(packet, 6);
  const protocol = packet[9] ?? 0;
  const isLaterFragment = (fragment & 0x1fff) !== 0;
  const payload = packet.subarray(headerLength, totalLength);
  const isIcmp = protocol === protocolIcmp && !isLaterFragment && payload.length >= 8;
  return {
    source: u32(packet, 12),
    destination: u32(packet, 16),
    protocol,
    timeToLive: packet[8] ?? 0,
    totalLength,
    isLaterFragment,
    isFragment: (fragment & 0x3fff) !== 0,
    ports: isLaterFragment ? undefined : portsOf(protocol, payload),
    icmpType: isIcmp ? payload[0] : undefined,
    payload,
  };
}

/**
 * What an ICMP error quotes of the packet that it is about, as long as that was: with zeros for what is not quoted (RFC
 * 792). `undefined` for any other ICMP message.
 */
export function quotedIn({ icmpType, payload }: PacketView): Uint8Array | undefined {
  if (icmpType !== 3 && icmpType !== 11) return undefined;
  const quoted = payload.subarray(8);
  const whole = new Uint8Array(Math.max(quoted.length, u16(quoted, 2)));
  whole.set(quoted);
  return whole;
}

function portsOf(protocol: number, payload: Uint8Array): PacketView['ports'] {
  if (payload.length < 8) return undefined;
  if (protocol === protocolUdp || protocol === protocolTcp) {
    return { source: u16(payload, 0), destination: u16(payload, 2) };
  }
  // RFC 792: echo and echo reply have an identifier, which a NAT treats as a port (RFC 5508 3.1).
  const isEcho = protocol === protocolIcmp && (payload[0] === 8 || payload[0] === 0);
  return isEcho ? { source: u16(payload, 4), destination: u16(payload, 4) } : undefined;
}

/** New address and, where the packet has ports, new port of one end. */
export interface NewEnd {
  readonly address: number;
  readonly port?: number;
}

/**
 * A copy with another source or destination; the checksums of IP and of what it carries are mended with the
 * difference (RFC 3022 4.1, RFC 1624). A UDP datagram without a checksum stays without one.
 */
export function readdressed(packet: Uint8Array, end: 'source' | 'destination', to: NewEnd): Uint8Array {
  const copy = copied(packet);
  const view = viewPacket(packet);
  const headerLength = headerLengthOf(packet);
  const isIcmp = view?.protocol === protocolIcmp;
  const transport = view === undefined || view.isLaterFragment ? undefined : checksumAt(view, headerLength);
  const addressAt = end === 'source' ? 12 : 16;
  const covered = isIcmp ? [10] : [10, transport];
  replace(copy, addressAt, to.address >>> 16, covered);
  replace(copy, addressAt + 2, to.address & 0xffff, covered);
  if (to.port !== undefined && view?.ports !== undefined) {
    const portAt = headerLength + (isIcmp ? 4 : end === 'source' ? 0 : 2);
    replace(copy, portAt, to.port, [transport]);
  }
  // Zero would say that there is none (RFC 768).
  const isZero = transport !== undefined && u16(copy, transport) === 0;
  if (isZero && view?.protocol === protocolUdp) copy.fill(0xff, transport, transport + 2);
  return copy;
}

/** Where the checksum of the transport header stands; `undefined` for a protocol without one, or a UDP datagram that has none. */
function checksumAt({ protocol, payload }: PacketView, headerLength: number): number | undefined {
  if (protocol === protocolUdp) return u16(payload, 6) === 0 ? undefined : headerLength + 6;
  if (protocol === protocolTcp) return payload.length >= 20 ? headerLength + 16 : undefined;
  return protocol === protocolIcmp ? headerLength + 2 : undefined;
}

function replace(
  packet: Uint8Array,
  at: number,
  word: number,
  checksums: readonly (number | undefined)[],
): void {
  const before = u16(packet, at);
  packet[at] = word >>> 8;
  packet[at + 1] = word & 0xff;
  for (const field of checksums) {
    if (field === undefined) continue;
    const mended = updatedWord(u16(packet, field), before, word);
    packet[field] = mended >>> 8;
    packet[field + 1] = mended & 0xff;
  }
}

/** A copy with one hop less to live. */
export function withHopLess(packet: Uint8Array): Uint8Array {
  const copy = copied(packet);
  replace(copy, 8, ((copy[8] ?? 1) - 1) * 256 + (copy[9] ?? 0), [10]);
  return copy;
}
