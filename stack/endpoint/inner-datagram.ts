import type { Ipv4, UdpAddress } from '../address.ts';
import { repairTransportChecksum } from '../esp/checksum-repair.ts';
import type { Opened } from '../esp/packet.ts';
import type { DropReason } from '../fact.ts';
import { type AddressPair, protocolUdp, transportChecksumHolds } from '../ip/checksum.ts';
import { ipv4HeaderLength, ipv4Packet, parseIpv4, writeIpv4Header } from '../ip/ipv4.ts';
import { parseUdp, udpHeaderLength, writeUdp } from '../ip/udp.ts';
import { copied } from '../octets.ts';
import type { SaPair, TrafficSelector } from '../sa.ts';

/** Next header of tunnel mode: an IPv4 packet (RFC 4303 2.6). */
const protocolIpv4 = 4;

/** Most that stands before a UDP payload inside ESP, in either mode. */
export const innerHeadersLength = ipv4HeaderLength + udpHeaderLength;

/** A UDP datagram on its way into an SA. */
export interface LeavingDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** A UDP datagram that came out of an SA: `source` as its packet says, inside or outside. */
export interface ArrivedDatagram {
  readonly source: UdpAddress;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** Why a packet goes no further, and what it was. */
export interface Drop {
  readonly reason: DropReason;
  readonly detail: string;
}

/** Whether an SA was negotiated for what this end sends (RFC 4301 4.4.1); what it would be dropped for. */
export function outsideSelectors(
  { localSelector, peerSelector }: SaPair,
  { sourcePort, destinationPort }: LeavingDatagram,
): Drop | undefined {
  const covered =
    coversPort(localSelector, protocolUdp, sourcePort) &&
    coversPort(peerSelector, protocolUdp, destinationPort);
  if (covered) return undefined;
  const detail = `UDP ${sourcePort} -> ${destinationPort} is outside the selectors`;
  return { reason: 'no-ipsec-policy', detail };
}

/**
 * Writes a datagram as the payload of ESP: in transport mode between the outer addresses `outer`, in tunnel
 * mode in an IPv4 packet between those of the selectors, which no NAT changes (RFC 4303 3.1). Without `outer` a datagram
 * of transport mode has no checksum (RFC 768).
 */
export function writeInner(
  pool: Uint8Array,
  offset: number,
  { mode, localSelector, peerSelector }: SaPair,
  outer: AddressPair | undefined,
  datagram: LeavingDatagram,
): { readonly length: number; readonly nextHeader: number } {
  if (mode === 'transport') {
    return { length: writeUdp(pool, offset, datagram, outer), nextHeader: protocolUdp };
  }
  const inner = { source: localSelector.ip, destination: peerSelector.ip };
  const length = writeUdp(pool, offset + ipv4HeaderLength, datagram, inner);
  // Never a fragment, so that its identification means nothing (RFC 6864 4.1).
  const packet = ipv4Packet({
    ...inner,
    protocol: protocolUdp,
    dontFragment: true,
    payload: pool.subarray(offset + ipv4HeaderLength, offset + ipv4HeaderLength + length),
  });
  writeIpv4Header(pool, offset, packet);
  return { length: ipv4HeaderLength + length, nextHeader: protocolIpv4 };
}

/** Reads what came out of an SA, or says why it is nothing for this end. `original`: see `checksum-repair.ts`. */
export function readInner(
  pool: Uint8Array,
  opened: Opened,
  pair: SaPair,
  original: AddressPair | undefined,
): ArrivedDatagram | Drop {
  return pair.mode === 'tunnel'
    ? readTunnelled(pool, opened, pair)
    : readTransport(pool, opened, pair, original);
}

function readTransport(
  pool: Uint8Array,
  { offset, length, nextHeader }: Opened,
  pair: SaPair,
  original: AddressPair | undefined,
): ArrivedDatagram | Drop {
  if (nextHeader !== protocolUdp) return unexpected(`IP protocol ${nextHeader} inside ESP`);
  const seen = { source: pair.peer.ip, destination: pair.local.ip };
  // Only what is there to its end is repaired: the rest is told as malformed.
  if (pair.encapsulation === 'udp') {
    repairTransportChecksum(pool, offset, length, protocolUdp, seen, original);
  }
  const arrived = readUdp(pool, offset, length, seen);
  return 'reason' in arrived ? arrived : (refusedPorts(arrived, pair) ?? arrived);
}

/**
 * An IPv4 packet whose addresses, protocol and ports are those of the selectors (RFC 4301 5.2 step 4): a
 * peer that sends others through its SA would speak for somebody else. Octets behind it are padding against
 * the analysis of traffic (RFC 4303 2.7).
 */
function readTunnelled(
  pool: Uint8Array,
  { offset, length, nextHeader }: Opened,
  pair: SaPair,
): ArrivedDatagram | Drop {
  if (nextHeader !== protocolIpv4) return unexpected(`IP protocol ${nextHeader} in a tunnel of IPv4`);
  const parsed = parseIpv4(pool.subarray(offset, offset + length));
  if (!parsed.ok) return { reason: 'malformed', detail: `${parsed.error.field}: ${parsed.error.detail}` };
  const { source, destination, protocol, moreFragments, fragmentOffset, payload } = parsed.value;
  const { localSelector, peerSelector } = pair;
  const covered = covers(peerSelector, source, protocol) && covers(localSelector, destination, protocol);
  if (!covered) {
    const detail = `IP protocol ${protocol} from ${source} to ${destination} is outside the selectors`;
    return { reason: 'no-ipsec-policy', detail };
  }
  if (protocol !== protocolUdp) return unexpected(`IP protocol ${protocol} inside the tunnel`);
  if (moreFragments || fragmentOffset > 0) return unexpected('a fragment inside the tunnel');
  const at = payload.byteOffset - pool.byteOffset;
  const arrived = readUdp(pool, at, payload.length, { source, destination });
  return 'reason' in arrived ? arrived : (refusedPorts(arrived, pair) ?? arrived);
}

function readUdp(
  pool: Uint8Array,
  offset: number,
  length: number,
  between: AddressPair,
): ArrivedDatagram | Drop {
  const udp = parseUdp(pool.subarray(offset, offset + length));
  if (!udp.ok) return { reason: 'malformed', detail: 'UDP inside ESP' };
  if (!transportChecksumHolds(between, protocolUdp, pool, offset, length)) {
    return { reason: 'bad-checksum', detail: 'UDP inside ESP' };
  }
  const { sourcePort, destinationPort, payload } = udp.value;
  return { source: { ip: between.source, port: sourcePort }, destinationPort, payload: copied(payload) };
}

/** What came through an SA must be what the SA was negotiated for (RFC 4301 5.2 step 4). */
function refusedPorts(
  { source, destinationPort }: ArrivedDatagram,
  { localSelector, peerSelector }: SaPair,
): Drop | undefined {
  const covered =
    coversPort(peerSelector, protocolUdp, source.port) &&
    coversPort(localSelector, protocolUdp, destinationPort);
  if (covered) return undefined;
  const detail = `UDP ${source.port} -> ${destinationPort} inside ESP is outside the selectors`;
  return { reason: 'no-ipsec-policy', detail };
}

function covers(selector: TrafficSelector, ip: Ipv4, protocol: number): boolean {
  return selector.ip === ip && (selector.protocol === 0 || selector.protocol === protocol);
}

function coversPort(selector: TrafficSelector, protocol: number, port: number): boolean {
  return (
    (selector.protocol === 0 || selector.protocol === protocol) &&
    (selector.port === 0 || selector.port === port)
  );
}

function unexpected(detail: string): Drop {
  return { reason: 'unexpected', detail };
}
