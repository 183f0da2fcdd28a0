import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, uint8 } from '../octets.ts';
import { challengeResponse, ntPasswordHash } from './ms-chap-v2.ts';

/** The value of an MS-CHAP Response (RFC 2433 4): 49 octets. */
export interface MsChapV1Response {
  readonly ntResponse: Uint8Array;
  /** The flag "use Windows NT compatible challenge response". */
  readonly usesNtResponse: boolean;
}

const responseLength = 24;

/** RFC 2433 A: the 24 octets of the NT response to a challenge of 8. */
export function ntChallengeResponse(challenge: Uint8Array, password: string): Uint8Array {
  return challengeResponse(challenge, ntPasswordHash(password));
}

export function decodeMsChapV1Response(value: Uint8Array): Decoded<MsChapV1Response> {
  if (value.length !== 2 * responseLength + 1) {
    return malformed('bad-length', 'Value', 0, `${value.length} octets, not 49`);
  }
  const ntResponse = value.subarray(responseLength, 2 * responseLength);
  return decoded({ ntResponse, usesNtResponse: value[2 * responseLength] === 1 });
}

/** The LAN Manager response is zero, as in the field facts' log of Windows XP: RFC 2433 4 deprecates it. */
export function encodeMsChapV1Response(ntResponse: Uint8Array): Uint8Array {
  return concat(new Uint8Array(responseLength), ntResponse, uint8(1));
}
