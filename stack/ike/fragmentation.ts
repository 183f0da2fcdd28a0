import { encodeFragment, fragmentFieldsLength } from '../isakmp/fragment.ts';
import { decodeHeader, encodeHeader, isakmpHeaderLength, noFlags } from '../isakmp/header.ts';
import { encodePayloadChain, genericHeaderLength } from '../isakmp/payload-chain.ts';
import { PayloadType } from '../isakmp/payload-type.ts';
import { natTraversalPort, nonEspMarkerLength } from '../nat-traversal/datagram.ts';
import { concat } from '../octets.ts';

/*
 * Vendor fragmentation of large ISAKMP messages ([MS-IKEE] 3.3), for NATs that lose IP fragments: sending.
 * `fragment-assembly.ts` is the other half.
 */

/** MD5("FRAGMENTATION"). */
export const fragmentationVendorId = '4048b7d56ebce88525e7de7f00d6c2d3';

/** The bit of the capability octets for main mode, which some implementations put behind the vendor id. */
const mainModeCapability = 0x80;

/**
 * Whether these vendor ids, in hexadecimal, say that fragments will be put together: alone, as Windows has it,
 * or with capability octets that include main mode (racoon, strongSwan and Cisco; field facts A1).
 */
export function announcesFragmentation(vendorIds: readonly string[]): boolean {
  return vendorIds.some((id) => {
    if (!id.toLowerCase().startsWith(fragmentationVendorId)) return false;
    const capabilities = id.slice(fragmentationVendorId.length, fragmentationVendorId.length + 2);
    return capabilities === '' || (Number.parseInt(capabilities, 16) & mainModeCapability) !== 0;
  });
}

const ipAndUdpHeadersLength = 28;
const mostFragments = 255;

/** Octets that go before the ISAKMP message in its IP packet, from this port of this end. */
function overhead(port: number): number {
  return ipAndUdpHeadersLength + (port === natTraversalPort ? nonEspMarkerLength : 0);
}

/** Whether a message makes an IP packet of more than `maximumOctets`. */
export function isTooLarge(message: Uint8Array, port: number, maximumOctets: number): boolean {
  return overhead(port) + message.length > maximumOctets;
}

/**
 * Cuts a message: each fragment is an ISAKMP message of the same header, without the encryption flag, and the
 * one payload ([MS-IKEE] 3.3.6.1). In an IP packet each has `maximumOctets`, the last one at the most. A
 * message that this cannot be done to is given back whole.
 */
export function fragments(
  message: Uint8Array,
  id: number,
  port: number,
  maximumOctets: number,
): readonly Uint8Array[] {
  const header = decodeHeader(message);
  const room =
    maximumOctets - overhead(port) - isakmpHeaderLength - genericHeaderLength - fragmentFieldsLength;
  const count = Math.ceil(message.length / room);
  if (!header.ok || room < 1 || count > mostFragments) return [message];
  return Array.from({ length: count }, (_, index) => {
    const data = message.subarray(index * room, (index + 1) * room);
    const body = encodeFragment({ id, number: index + 1, last: index === count - 1, data });
    const chain = encodePayloadChain([{ type: PayloadType.fragment, body }]);
    const length = isakmpHeaderLength + chain.length;
    const own = { ...header.value, nextPayload: PayloadType.fragment, flags: noFlags, length };
    return concat(encodeHeader(own), chain);
  });
}
