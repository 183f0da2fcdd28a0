import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, uint8, utf8, utf8Text } from '../octets.ts';

/** RFC 1994 4. */
export const ChapCode = { challenge: 1, response: 2, success: 3, failure: 4 } as const;

/** The data of a Challenge or Response (RFC 1994 4.1). */
export interface ChapValue {
  readonly value: Uint8Array;
  readonly name: string;
}

export function decodeChapValue(data: Uint8Array): Decoded<ChapValue> {
  const size = data[0];
  if (size === undefined) return malformed('truncated', 'Value-Size', 0, 'no octets');
  if (size === 0 || 1 + size > data.length) {
    return malformed('bad-length', 'Value-Size', 0, `${size} with ${data.length - 1} octets left`);
  }
  const name = utf8Text(data.subarray(1 + size));
  return decoded({ value: data.subarray(1, 1 + size), name });
}

export function encodeChapValue({ value, name }: ChapValue): Uint8Array {
  return concat(uint8(value.length), value, utf8(name));
}

/** The value of an MS-CHAPv2 Response (RFC 2759 4): 49 octets. */
export interface MsChapV2Response {
  readonly peerChallenge: Uint8Array;
  readonly ntResponse: Uint8Array;
}

const reservedLength = 8;

export function decodeMsChapV2Response(value: Uint8Array): Decoded<MsChapV2Response> {
  if (value.length !== 49) return malformed('bad-length', 'Value', 0, `${value.length} octets, not 49`);
  return decoded({ peerChallenge: value.subarray(0, 16), ntResponse: value.subarray(24, 48) });
}

/** Flags are zero. */
export function encodeMsChapV2Response({ peerChallenge, ntResponse }: MsChapV2Response): Uint8Array {
  return concat(peerChallenge, new Uint8Array(reservedLength), ntResponse, uint8(0));
}
