import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint } from '../octets.ts';

/** The NAT-OA payload: an address as it was before translation (RFC 3947 5.2). */
export interface NatOriginalAddress {
  /** ID_IPV4_ADDR or ID_IPV6_ADDR. */
  readonly idType: number;
  readonly address: Uint8Array;
}

export function encodeNatOriginalAddress(payload: NatOriginalAddress): Uint8Array {
  return concat(Uint8Array.of(payload.idType, 0, 0, 0), payload.address);
}

export function decodeNatOriginalAddress(body: Uint8Array, offset: number): Decoded<NatOriginalAddress> {
  if (body.length < 4) {
    return malformed('truncated', 'NAT-OA', offset, `${body.length} of at least 4 octets`);
  }
  return decoded({ idType: readUint(body, 0, 1), address: body.subarray(4) });
}
