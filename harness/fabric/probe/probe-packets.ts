import { internetChecksum } from '../../../stack/ip/checksum.ts';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../stack/ip/udp.ts';
import { fragmentsOf } from '../embedded/fragment.ts';
import {
  addressNumber,
  addressText,
  protocolAh,
  protocolEsp,
  protocolTcp,
  protocolUdp,
  viewPacket,
} from '../embedded/packet.ts';

/** One end of a datagram. */
export interface End {
  readonly address: string;
  readonly port: number;
}

/** A datagram whose payload begins as an IKE message does: with the initiator's cookie (RFC 2408 3.1). */
export function udpProbe(from: End, to: End, cookie = 0): Uint8Array {
  const pair = { source: from.address, destination: to.address };
  const payload = new Uint8Array(28).fill(cookie, 0, 8);
  const datagram = { sourcePort: from.port, destinationPort: to.port, payload };
  return buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, payload: buildUdp(datagram, pair) }));
}

/** The first segment of a TCP connection (RFC 9293 3.1). */
export function tcpProbe(from: End, to: End): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint8(12, 5 << 4);
  view.setUint8(13, 0x02);
  view.setUint16(14, 1024);
  const pseudo = new Uint8Array(12 + header.length);
  const words = new DataView(pseudo.buffer);
  words.setUint32(0, addressNumber(from.address));
  words.setUint32(4, addressNumber(to.address));
  words.setUint16(8, protocolTcp);
  words.setUint16(10, header.length);
  pseudo.set(header, 12);
  view.setUint16(16, internetChecksum(pseudo));
  const addresses = { source: from.address, destination: to.address };
  return buildIpv4(ipv4Packet({ ...addresses, protocol: protocolTcp, payload: header }));
}

/** A packet of a protocol without ports; it begins with an SPI of no association. */
export function bareProbe(protocol: 'esp' | 'ah', source: string, destination: string): Uint8Array {
  const number = protocol === 'esp' ? protocolEsp : protocolAh;
  return buildIpv4(
    ipv4Packet({ source, destination, protocol: number, payload: new Uint8Array(32).fill(0x5a) }),
  );
}

/** A datagram that makes an IP packet of so many octets, which nobody may cut. */
export function sizedProbe(from: End, to: End, octets: number): Uint8Array {
  const pair = { source: from.address, destination: to.address };
  const datagram = { sourcePort: from.port, destinationPort: to.port, payload: new Uint8Array(octets - 28) };
  const payload = buildUdp(datagram, pair);
  return buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, dontFragment: true, payload }));
}

/** A datagram in two fragments; the first has the ports. */
export function halves(packet: Uint8Array): Uint8Array[] {
  return fragmentsOf(packet, Math.ceil(packet.length / 2 / 8) * 8 + 20, 0x5a5a);
}

export interface SeenPacket {
  readonly protocol: number;
  readonly from: End;
  readonly to: End;
}

/** `undefined` for what is no IPv4 packet; ports are 0 where the protocol has none. */
export function readProbe(packet: Uint8Array): SeenPacket | undefined {
  const view = viewPacket(packet);
  if (view === undefined) return undefined;
  const { source, destination, ports } = view;
  return {
    protocol: view.protocol,
    from: { address: addressText(source), port: ports?.source ?? 0 },
    to: { address: addressText(destination), port: ports?.destination ?? 0 },
  };
}
