import { buildIpv4, parseIpv4 } from '../../ip/ipv4.ts';
import { buildUdp, parseUdp } from '../../ip/udp.ts';
import { decodePacket, encodeControlPacket, encodeDataPacket } from '../../l2tp/header.ts';
import type { Chance } from './chance.ts';
import { mutate } from './mutation.ts';

/** How deep a mutation goes: everything around what it changes is made to fit it. */
export const depths = ['all', 'l2tp', 'l2tp body'] as const;
export type Depth = (typeof depths)[number];

const protocolIpv4 = 4;
/** What fits a UDP datagram inside ESP with room to spare. */
const longest = 3000;

/** What was inside ESP, changed at that depth; unchanged where there is no such depth in it. */
export function mutatedInner(
  chance: Chance,
  inner: Uint8Array,
  nextHeader: number,
  depth: Depth,
): Uint8Array {
  const change = (octets: Uint8Array) => mutate(chance, octets, inner).subarray(0, longest);
  if (depth === 'all') return change(inner);
  if (nextHeader !== protocolIpv4) return inUdp(inner, depth, change);
  const packet = parseIpv4(inner);
  if (!packet.ok) return inner;
  return buildIpv4({ ...packet.value, payload: inUdp(packet.value.payload, depth, change) });
}

function inUdp(octets: Uint8Array, depth: Depth, change: (octets: Uint8Array) => Uint8Array): Uint8Array {
  const udp = parseUdp(octets);
  if (!udp.ok) return octets;
  const { payload } = udp.value;
  return buildUdp({ ...udp.value, payload: depth === 'l2tp' ? change(payload) : inL2tp(payload, change) });
}

/** AVPs of a control message, or the PPP frame of a data message. */
function inL2tp(octets: Uint8Array, change: (octets: Uint8Array) => Uint8Array): Uint8Array {
  const packet = decodePacket(octets);
  if (!packet.ok) return octets;
  const body = change(packet.value.body);
  return packet.value.type === 'control'
    ? encodeControlPacket({ ...packet.value, body })
    : encodeDataPacket({ ...packet.value, body });
}
