import { type Decoded, decoded, malformed } from '../decode.ts';

/** One attribute value pair as it travels (RFC 2661 4.1). */
export interface Avp {
  readonly mandatory: boolean;
  readonly hidden: boolean;
  /** A reserved bit was set: RFC 2661 4.1 has the AVP "treated as an unrecognized AVP". */
  readonly reserved: boolean;
  /** 0 for the attributes of RFC 2661; else an SMI enterprise number. */
  readonly vendorId: number;
  readonly type: number;
  readonly value: Uint8Array;
}

const HEADER = 6;
const MANDATORY = 0x8000;
const HIDDEN = 0x4000;
const RESERVED = 0x3c00;
const LENGTH = 0x03ff;

/** The AVPs of a control message body, in order. Values are views into `bytes`. */
export function decodeAvps(bytes: Uint8Array): Decoded<Avp[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const avps: Avp[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const field = `AVP[${avps.length}]`;
    const left = bytes.length - offset;
    if (left < HEADER) return malformed('truncated', field, offset, `${left} octets left`);
    const flags = view.getUint16(offset);
    const length = flags & LENGTH;
    if (length < HEADER || length > left) {
      return malformed('bad-length', `${field}.Length`, offset, `${length} with ${left} octets left`);
    }
    avps.push({
      mandatory: (flags & MANDATORY) !== 0,
      hidden: (flags & HIDDEN) !== 0,
      reserved: (flags & RESERVED) !== 0,
      vendorId: view.getUint16(offset + 2),
      type: view.getUint16(offset + 4),
      value: bytes.subarray(offset + HEADER, offset + length),
    });
    offset += length;
  }
  return decoded(avps);
}

/** Throws on a value over 1017 octets, which the Length field cannot express: callers bound theirs. */
export function encodeAvps(avps: readonly Avp[]): Uint8Array {
  const bytes = new Uint8Array(avps.reduce((sum, avp) => sum + HEADER + avp.value.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const avp of avps) {
    const length = HEADER + avp.value.length;
    if (length > LENGTH) throw new RangeError(`AVP ${avp.type} of ${length} octets exceeds ${LENGTH}`);
    view.setUint16(offset, (avp.mandatory ? MANDATORY : 0) | (avp.hidden ? HIDDEN : 0) | length);
    view.setUint16(offset + 2, avp.vendorId);
    view.setUint16(offset + 4, avp.type);
    bytes.set(avp.value, offset + HEADER);
    offset += length;
  }
  return bytes;
}
