import { internetChecksum } from '../../../stack/ip/checksum.ts';
import { headerLengthOf } from './packet.ts';

const flagsAt = 6;
const dontFragmentFlag = 0x40;
const moreFragmentsFlag = 0x2000;

/** A part of a packet: more follow it, or some go before it (RFC 791 3.2). */
export function isFragment(packet: Uint8Array): boolean {
  return ((packet[flagsAt] ?? 0) & 0x3f) !== 0 || packet[flagsAt + 1] !== 0;
}

/** Whether its sender forbids to cut it (RFC 791 3.1, DF). */
export function mayNotBeCut(packet: Uint8Array): boolean {
  return ((packet[flagsAt] ?? 0) & dontFragmentFlag) !== 0;
}

/**
 * Cuts a packet, which may be a fragment itself, into such of `mtu` octets at the most (RFC 791 2.3). None of them
 * forbids to be cut again. Every fragment has all of the header: no packet here has options.
 *
 * @param mtu at least 68, as RFC 791 3.2 has it
 * @param identification what its parts are known by where its sender cuts it; absent: what it says itself
 */
export function fragmentsOf(packet: Uint8Array, mtu: number, identification?: number): Uint8Array[] {
  const headerLength = headerLengthOf(packet);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const payload = packet.subarray(headerLength, view.getUint16(2));
  const field = view.getUint16(flagsAt);
  const room = (mtu - headerLength) & ~7;
  const parts: Uint8Array[] = [];
  for (let from = 0; from < payload.length; from += room) {
    const piece = payload.subarray(from, from + room);
    const follows = from + room < payload.length ? moreFragmentsFlag : field & moreFragmentsFlag;
    const part = new Uint8Array(headerLength + piece.length);
    part.set(packet.subarray(0, headerLength));
    part.set(piece, headerLength);
    const header = new DataView(part.buffer);
    header.setUint16(2, part.length);
    if (identification !== undefined) header.setUint16(4, identification);
    header.setUint16(flagsAt, follows | ((field & 0x1fff) + from / 8));
    writeChecksum(part);
    parts.push(part);
  }
  return parts;
}

/** The checksum of the IP header, anew. */
export function writeChecksum(packet: Uint8Array): void {
  packet.fill(0, 10, 12);
  const sum = internetChecksum(packet, 0, headerLengthOf(packet));
  packet.set([sum >>> 8, sum & 0xff], 10);
}
