import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint } from '../octets.ts';

export const ikePort = 500;
export const natTraversalPort = 4500;

/** What shares UDP port 4500 (RFC 3948 2). */
export type Port4500Datagram =
  /** An ISAKMP message, its non-ESP marker taken off (RFC 3948 2.2). */
  | { readonly kind: 'ike'; readonly message: Uint8Array }
  /** An ESP packet from its SPI on (RFC 3948 2.1). */
  | { readonly kind: 'esp'; readonly packet: Uint8Array }
  /** RFC 3948 2.3. */
  | { readonly kind: 'keepalive' };

/** Four zero octets where an ESP packet has its SPI, which is never 0 (RFC 3948 2.2). */
const nonEspMarker = new Uint8Array(4);
const keepalive = Uint8Array.of(0xff);

/** Tells IKE, ESP and keepalive apart; views into `payload`, nothing is copied. */
export function splitPort4500(payload: Uint8Array): Decoded<Port4500Datagram> {
  if (payload.length === 1 && payload[0] === keepalive[0]) return decoded({ kind: 'keepalive' });
  if (payload.length < nonEspMarker.length) {
    return malformed('truncated', 'Non-ESP Marker', 0, `${payload.length} of 4 octets, and no keepalive`);
  }
  return readUint(payload, 0, nonEspMarker.length) === 0
    ? decoded({ kind: 'ike', message: payload.subarray(nonEspMarker.length) })
    : decoded({ kind: 'esp', packet: payload });
}

/** The UDP payload for port 4500: the inverse of `splitPort4500`. */
export function joinPort4500(datagram: Port4500Datagram): Uint8Array {
  switch (datagram.kind) {
    case 'ike':
      return concat(nonEspMarker, datagram.message);
    case 'esp':
      return datagram.packet;
    case 'keepalive':
      return keepalive.slice();
  }
}
