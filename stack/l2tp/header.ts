import { type Decoded, decoded, malformed } from '../decode.ts';
import { readUint, unwritten } from '../octets.ts';

/** A control message before its AVPs are read (RFC 2661 3.1). A ZLB is one with an empty body. */
export interface ControlPacket {
  readonly type: 'control';
  /** The recipient's ids: 0 where it has not told its own yet. */
  readonly tunnelId: number;
  readonly sessionId: number;
  readonly ns: number;
  readonly nr: number;
  readonly body: Uint8Array;
}

/** A data message: one PPP frame. */
export interface DataPacket {
  readonly type: 'data';
  readonly tunnelId: number;
  readonly sessionId: number;
  /** Present when the S bit was set. Its Nr is reserved and not kept (RFC 2661 3.1). */
  readonly ns?: number;
  readonly priority: boolean;
  readonly body: Uint8Array;
}

export type L2tpPacket = ControlPacket | DataPacket;

const bit = { type: 0x8000, length: 0x4000, sequence: 0x0800, offset: 0x0200, priority: 0x0100 };
const versionMask = 0x000f;
const version = 2;

/**
 * Reads one UDP payload. Octets beyond the Length field are ignored, and so are the reserved bits
 * (RFC 2661 3.1: "ignored on incoming messages"). The body is a view, not a copy.
 */
export function decodePacket(bytes: Uint8Array): Decoded<L2tpPacket> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2) return malformed('truncated', 'Flags', 0, `${bytes.length} octets`);
  const flags = view.getUint16(0);
  const has = (bit: number) => (flags & bit) !== 0;
  if ((flags & versionMask) !== version) {
    return malformed('unsupported', 'Ver', 1, `version ${flags & versionMask}, not 2`);
  }
  const control = has(bit.type);
  if (control && !(has(bit.length) && has(bit.sequence))) {
    return malformed('bad-value', 'Flags', 0, 'a control message must have the L and S bits');
  }
  if (control && (has(bit.offset) || has(bit.priority))) {
    return malformed('bad-value', 'Flags', 0, 'a control message must not have the O or P bit');
  }
  const headerLength =
    6 + (has(bit.length) ? 2 : 0) + (has(bit.sequence) ? 4 : 0) + (has(bit.offset) ? 2 : 0);
  if (bytes.length < headerLength) {
    return malformed('truncated', 'Header', bytes.length, `${bytes.length} octets of ${headerLength}`);
  }
  let offset = 2;
  const next = () => {
    offset += 2;
    return view.getUint16(offset - 2);
  };
  const length = has(bit.length) ? next() : bytes.length;
  if (length > bytes.length || length < headerLength) {
    return malformed('bad-length', 'Length', 2, `${length} in a datagram of ${bytes.length} octets`);
  }
  const tunnelId = next();
  const sessionId = next();
  const ns = has(bit.sequence) ? next() : 0;
  const nr = has(bit.sequence) ? next() : 0;
  const padding = has(bit.offset) ? next() : 0;
  if (offset + padding > length) {
    return malformed('bad-length', 'Offset Size', offset - 2, `${padding} octets do not fit`);
  }
  const body = bytes.subarray(offset + padding, length);
  if (control) return decoded({ type: 'control', tunnelId, sessionId, ns, nr, body });
  const data = { type: 'data' as const, tunnelId, sessionId, priority: has(bit.priority), body };
  return decoded(has(bit.sequence) ? { ...data, ns } : data);
}

/** T, L and S bits, as RFC 2661 3.1 demands of control messages. */
export function encodeControlPacket(packet: Omit<ControlPacket, 'type'>): Uint8Array {
  const bytes = new Uint8Array(12 + packet.body.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, bit.type | bit.length | bit.sequence | version);
  view.setUint16(2, bytes.length);
  view.setUint16(4, packet.tunnelId);
  view.setUint16(6, packet.sessionId);
  view.setUint16(8, packet.ns);
  view.setUint16(10, packet.nr);
  bytes.set(packet.body, 12);
  return bytes;
}

/** How a data message is written, beside what it carries. */
export interface DataForm {
  /** Leaves out the Length field, which the L bit announces otherwise. */
  readonly withoutLength?: true;
  /** Writes an Offset Size field and so many octets of padding. */
  readonly offsetSize?: number;
}

/**
 * A data message, with the S bit and Ns only where `ns` is given. Length is 16 bits wide: the body must fit a
 * UDP datagram.
 */
export function encodeDataPacket(packet: Omit<DataPacket, 'type'> & DataForm): Uint8Array {
  const { ns, offsetSize, priority, body } = packet;
  const flags =
    (packet.withoutLength ? 0 : bit.length) |
    (ns === undefined ? 0 : bit.sequence) |
    (offsetSize === undefined ? 0 : bit.offset) |
    (priority ? bit.priority : 0);
  const fields = [packet.tunnelId, packet.sessionId];
  // Nr is reserved in data messages (RFC 2661 3.1).
  if (ns !== undefined) fields.push(ns, 0);
  if (offsetSize !== undefined) fields.push(offsetSize);
  const padding = offsetSize ?? 0;
  const headerLength = 2 + (packet.withoutLength ? 0 : 2) + 2 * fields.length;
  const bytes = unwritten(headerLength + padding + body.length);
  if (!packet.withoutLength) fields.unshift(bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  bytes.fill(0, headerLength, headerLength + padding);
  for (const [index, field] of [flags | version, ...fields].entries()) view.setUint16(2 * index, field);
  bytes.set(body, headerLength + padding);
  return bytes;
}

/** Whether bits other than T, L, S and Ver are set: some peers take no such message. */
export function hasFurtherBits(bytes: Uint8Array): boolean {
  return (readUint(bytes, 0, 2) & ~(bit.type | bit.length | bit.sequence | versionMask)) !== 0;
}
