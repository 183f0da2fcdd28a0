import { type Decoded, decoded, malformed } from '../decode.ts';
import { unwritten } from '../octets.ts';

/** PPP protocol numbers that this stack speaks. */
export const PppProtocol = {
  ip: 0x0021,
  ipv6: 0x0057,
  ipcp: 0x8021,
  ipv6cp: 0x8057,
  ccp: 0x80fd,
  lcp: 0xc021,
  pap: 0xc023,
  chap: 0xc223,
} as const;

export interface PppFrame {
  readonly protocol: number;
  readonly information: Uint8Array;
}

const addressField = 0xff;
const controlField = 0x03;

/**
 * Reads a frame as L2TP carries it. Address and control field may be missing (RFC 1661 6.6), and the
 * protocol field may be one octet (RFC 1661 6.5): both are taken whether negotiated or not.
 */
export function decodeFrame(bytes: Uint8Array): Decoded<PppFrame> {
  const start = bytes[0] === addressField && bytes[1] === controlField ? 2 : 0;
  const first = bytes[start];
  if (first === undefined) return malformed('truncated', 'Protocol', start, 'the frame ends before it');
  // RFC 1661 2: the last octet of a protocol number is odd, those before it are even. What breaks that is a number
  // that nobody knows.
  if (first & 1) return decoded({ protocol: first, information: bytes.subarray(start + 1) });
  const second = bytes[start + 1];
  if (second === undefined) return malformed('truncated', 'Protocol', start + 1, 'one octet of two');
  return decoded({ protocol: first * 256 + second, information: bytes.subarray(start + 2) });
}

/** What a frame leaves out because its receiver asked for that. */
export interface HeaderCompression {
  /** The first octet of a protocol number below 256 (RFC 1661 6.5). */
  readonly protocol: boolean;
  /** RFC 1661 6.6. */
  readonly addressAndControl: boolean;
}

const uncompressed: HeaderCompression = { protocol: false, addressAndControl: false };

/**
 * Address and control field and both octets of the protocol, which is right whatever was negotiated, or what
 * `compression` leaves of them. LCP is never compressed (RFC 1661 6.6).
 */
export function encodeFrame(
  protocol: number,
  information: Uint8Array,
  compression: HeaderCompression = uncompressed,
): Uint8Array {
  const leaves = protocol === PppProtocol.lcp ? uncompressed : compression;
  const header = leaves.addressAndControl ? [] : [addressField, controlField];
  if (!leaves.protocol || protocol > 0xff) header.push(protocol >> 8);
  header.push(protocol & 0xff);
  const bytes = unwritten(header.length + information.length);
  bytes.set(header);
  bytes.set(information, header.length);
  return bytes;
}
