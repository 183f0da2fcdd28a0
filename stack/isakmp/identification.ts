import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint8, uint16 } from '../octets.ts';

/** The Identification payload of the IPsec DOI (RFC 2407 4.6.2). */
export interface Identification {
  readonly idType: number;
  /** IP protocol; 0 is any. */
  readonly protocolId: number;
  /** 0 is any. */
  readonly port: number;
  readonly data: Uint8Array;
}

export function encodeIdentification(id: Identification): Uint8Array {
  return concat(uint8(id.idType), uint8(id.protocolId), uint16(id.port), id.data);
}

export function decodeIdentification(body: Uint8Array, offset: number): Decoded<Identification> {
  if (body.length < 4) {
    return malformed('truncated', 'Identification', offset, `${body.length} of at least 4 octets`);
  }
  return decoded({
    idType: readUint(body, 0, 1),
    protocolId: readUint(body, 1, 1),
    port: readUint(body, 2, 2),
    data: body.subarray(4),
  });
}
