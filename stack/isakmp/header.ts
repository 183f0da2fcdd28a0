import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint8, uint32 } from '../octets.ts';

/** The fixed header of every ISAKMP message (RFC 2408 3.1). */
export interface IsakmpHeader {
  readonly initiatorCookie: Uint8Array;
  readonly responderCookie: Uint8Array;
  readonly nextPayload: number;
  readonly exchangeType: number;
  readonly flags: HeaderFlags;
  readonly messageId: number;
  /** Length of the whole message in octets, header and padding included. */
  readonly length: number;
}

export interface HeaderFlags {
  readonly encryption: boolean;
  readonly commit: boolean;
  readonly authenticationOnly: boolean;
}

export const cookieLength = 8;
export const isakmpHeaderLength = 28;

export const noFlags: HeaderFlags = { encryption: false, commit: false, authenticationOnly: false };

/** Major version 1, minor version 0: "the ISAKMP Internet-Draft" era 0.x is not spoken (RFC 2408 3.1). */
const version = 0x10;
const bit = { encryption: 1, commit: 2, authenticationOnly: 4 };

export function encodeHeader(header: IsakmpHeader): Uint8Array {
  const { encryption, commit, authenticationOnly } = header.flags;
  const flags =
    (encryption ? bit.encryption : 0) |
    (commit ? bit.commit : 0) |
    (authenticationOnly ? bit.authenticationOnly : 0);
  return concat(
    header.initiatorCookie,
    header.responderCookie,
    Uint8Array.of(header.nextPayload, version, header.exchangeType),
    uint8(flags),
    uint32(header.messageId),
    uint32(header.length),
  );
}

/**
 * Reads the header of a datagram. The datagram must be exactly as long as `Length` says; undefined
 * flag bits are ignored, a minor version too (RFC 2408 5.2 leaves both to the receiver).
 */
export function decodeHeader(bytes: Uint8Array): Decoded<IsakmpHeader> {
  if (bytes.length < isakmpHeaderLength) {
    return malformed(
      'truncated',
      'ISAKMP Header',
      bytes.length,
      `${bytes.length} of ${isakmpHeaderLength} octets`,
    );
  }
  const majorVersion = readUint(bytes, 17, 1) >>> 4;
  if (majorVersion !== 1) {
    return malformed('unsupported', 'ISAKMP Header.Major Version', 17, `version ${majorVersion}, not 1`);
  }
  const length = readUint(bytes, 24, 4);
  if (length !== bytes.length) {
    const detail = `says ${length}, the datagram has ${bytes.length} octets`;
    return malformed('bad-length', 'ISAKMP Header.Length', 24, detail);
  }
  const flags = readUint(bytes, 19, 1);
  return decoded({
    initiatorCookie: bytes.subarray(0, 8),
    responderCookie: bytes.subarray(8, 16),
    nextPayload: readUint(bytes, 16, 1),
    exchangeType: readUint(bytes, 18, 1),
    flags: {
      encryption: (flags & bit.encryption) !== 0,
      commit: (flags & bit.commit) !== 0,
      authenticationOnly: (flags & bit.authenticationOnly) !== 0,
    },
    messageId: readUint(bytes, 20, 4),
    length,
  });
}
