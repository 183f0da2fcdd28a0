import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat } from '../octets.ts';

export const ikePort = 500;
export const natTraversalPort = 4500;

/** What the two IKE ports carry. */
export type IkePortDatagram =
  /** An ISAKMP message, without what goes before it on port 4500 (RFC 3948 2.2). */
  | { readonly kind: 'ike'; readonly message: Uint8Array }
  /** An ESP packet from its SPI on (RFC 3948 2.1), without what goes before it on port 500. */
  | { readonly kind: 'esp'; readonly packet: Uint8Array }
  /** RFC 3948 2.3. */
  | { readonly kind: 'keepalive' };

export const nonEspMarkerLength = 4;
/** Four zero octets where an ESP packet has its SPI, which is never 0 (RFC 3948 2.2). */
const nonEspMarker = new Uint8Array(nonEspMarkerLength);
/**
 * Eight zero octets where an ISAKMP message has its initiator cookie, which is never 0: what drafts 00 and 01
 * of NAT traversal put before ESP on port 500 (draft-ietf-ipsec-udp-encaps-01 2.1).
 */
const nonIkeMarker = new Uint8Array(8);
const keepalive = Uint8Array.of(0xff);

/**
 * Tells IKE, ESP and keepalive apart by the own port that they came to; views into `payload`, nothing is
 * copied. Any port but 4500 is as port 500.
 */
export function splitIkePort(port: number, payload: Uint8Array): Decoded<IkePortDatagram> {
  if (payload.length === 1 && payload[0] === keepalive[0]) return decoded({ kind: 'keepalive' });
  if (port === natTraversalPort) {
    if (payload.length < nonEspMarkerLength) {
      return malformed('truncated', 'Non-ESP Marker', 0, `${payload.length} of 4 octets, and no keepalive`);
    }
    const message = behind(nonEspMarker, payload);
    return decoded(message === undefined ? { kind: 'esp', packet: payload } : { kind: 'ike', message });
  }
  const packet = behind(nonIkeMarker, payload);
  return decoded(packet === undefined ? { kind: 'ike', message: payload } : { kind: 'esp', packet });
}

/** The UDP payload to send from that own port: the inverse of `splitIkePort`. */
export function joinIkePort(port: number, datagram: IkePortDatagram): Uint8Array {
  const marksIke = port === natTraversalPort;
  switch (datagram.kind) {
    case 'ike':
      return marksIke ? concat(nonEspMarker, datagram.message) : datagram.message;
    case 'esp':
      return marksIke ? datagram.packet : concat(nonIkeMarker, datagram.packet);
    case 'keepalive':
      return keepalive.slice();
  }
}

function behind(marker: Uint8Array, payload: Uint8Array): Uint8Array | undefined {
  const marked = payload.length >= marker.length && marker.every((octet, index) => payload[index] === octet);
  return marked ? payload.subarray(marker.length) : undefined;
}
