import type { Ipv4 } from '../../address.ts';

/** For tests: an IPv4 packet of protocol 253 (RFC 3692: for experiments). */
export function ipPacket(source: Ipv4, destination: Ipv4, text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const packet = new Uint8Array(20 + payload.length);
  packet[0] = 0x45;
  packet[3] = packet.length;
  packet[9] = 253;
  packet.set(source.split('.').map(Number), 12);
  packet.set(destination.split('.').map(Number), 16);
  packet.set(payload, 20);
  return packet;
}
