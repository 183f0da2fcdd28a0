import { type Decoded, decoded, malformed } from '../decode.ts';

/** The packet of LCP, IPCP and CHAP: RFC 1661 5, RFC 1994 4. */
export interface Packet {
  readonly code: number;
  readonly identifier: number;
  readonly data: Uint8Array;
}

/** RFC 1661 5; Identification and Time-Remaining are RFC 1570 2. */
export const PacketCode = {
  configureRequest: 1,
  configureAck: 2,
  configureNak: 3,
  configureReject: 4,
  terminateRequest: 5,
  terminateAck: 6,
  codeReject: 7,
  protocolReject: 8,
  echoRequest: 9,
  echoReply: 10,
  discardRequest: 11,
  identification: 12,
  timeRemaining: 13,
} as const;

/** Octets beyond Length are padding and ignored (RFC 1661 5). */
export function decodePacket(bytes: Uint8Array): Decoded<Packet> {
  const [first, identifier, high, low] = bytes;
  if (first === undefined || identifier === undefined || high === undefined || low === undefined) {
    return malformed('truncated', 'Header', bytes.length, `${bytes.length} octets of 4`);
  }
  const length = high * 256 + low;
  if (length < 4 || length > bytes.length) {
    return malformed('bad-length', 'Length', 2, `${length} in ${bytes.length} octets`);
  }
  return decoded({ code: first, identifier, data: bytes.subarray(4, length) });
}

export function encodePacket(packet: Packet): Uint8Array {
  const bytes = new Uint8Array(4 + packet.data.length);
  bytes.set([packet.code, packet.identifier, bytes.length >> 8, bytes.length & 0xff]);
  bytes.set(packet.data, 4);
  return bytes;
}
