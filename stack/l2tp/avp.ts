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

const headerLength = 6;
const bit = { mandatory: 0x8000, hidden: 0x4000, reserved: 0x3c00 };
const lengthMask = 0x03ff;

/** The AVPs of a control message body, in order. Values are views into `bytes`. */
export function decodeAvps(bytes: Uint8Array): Decoded<Avp[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const avps: Avp[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const field = `AVP[${avps.length}]`;
    const left = bytes.length - offset;
    if (left < headerLength) return malformed('truncated', field, offset, `${left} octets left`);
    const flags = view.getUint16(offset);
    const length = flags & lengthMask;
    if (length < headerLength || length > left) {
      return malformed('bad-length', `${field}.Length`, offset, `${length} with ${left} octets left`);
    }
    avps.push({
      mandatory: (flags & bit.mandatory) !== 0,
      hidden: (flags & bit.hidden) !== 0,
      reserved: (flags & bit.reserved) !== 0,
      vendorId: view.getUint16(offset + 2),
      type: view.getUint16(offset + 4),
      value: bytes.subarray(offset + headerLength, offset + length),
    });
    offset += length;
  }
  return decoded(avps);
}

/** Octets of a value, as far as the Length field can say (RFC 2661 4.1). */
export const maximumValueLength = lengthMask - headerLength;

/** Throws on a longer value, which the Length field cannot express: callers bound theirs. */
export function encodeAvps(avps: readonly Avp[]): Uint8Array {
  const bytes = new Uint8Array(avps.reduce((sum, avp) => sum + headerLength + avp.value.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const avp of avps) {
    const length = headerLength + avp.value.length;
    if (length > lengthMask)
      throw new RangeError(`AVP ${avp.type} of ${length} octets exceeds ${lengthMask}`);
    view.setUint16(offset, (avp.mandatory ? bit.mandatory : 0) | (avp.hidden ? bit.hidden : 0) | length);
    view.setUint16(offset + 2, avp.vendorId);
    view.setUint16(offset + 4, avp.type);
    bytes.set(avp.value, offset + headerLength);
    offset += length;
  }
  return bytes;
}
