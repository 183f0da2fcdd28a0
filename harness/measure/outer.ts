/**
 * The outermost layers of a captured frame: Ethernet, IPv4, UDP, and what tells IKE, ESP and keepalives apart.
 *
 * This is a decoder of its own, on purpose: the stack's codecs are what the captures are evidence about,
 * and a mistake shared with them would hide itself. It reads headers only and decrypts nothing.
 */
export interface OuterPacket {
  readonly source: string;
  readonly destination: string;
  /** Of UDP; a later fragment has none. */
  readonly ports: { readonly source: number; readonly destination: number } | undefined;
  /** Octets of the IP packet, by its header. */
  readonly size: number;
  readonly content: Content;
}

export type Content =
  | { readonly kind: 'ike'; readonly port: 500 | 4500; readonly isakmp: IsakmpOutline | undefined }
  | { readonly kind: 'esp-in-udp' | 'esp-native'; readonly spi: number }
  | { readonly kind: 'keepalive' }
  /** UDP 1701 that is in no IPsec: a leak wherever it is seen. */
  | { readonly kind: 'clear-l2tp' }
  /** A ping (RFC 792), which is nothing of a VPN: what shows that a capture is alive. */
  | { readonly kind: 'echo-request' }
  /** A later fragment: it has no port numbers. */
  | { readonly kind: 'fragment' }
  | { readonly kind: 'other' };

/** RFC 2408 3.1, and the whole message for the comparison of retransmissions. */
export interface IsakmpOutline {
  /** Hexadecimal. */
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  readonly exchangeType: number;
  readonly messageId: number;
  /** Without the non-ESP marker: equal for the same message on 500 and 4500. */
  readonly message: Uint8Array;
}

const etherTypeIpv4 = 0x0800;
const protocolUdp = 17;
const protocolEsp = 50;
const protocolIcmp = 1;
const echoRequest = 8;
const isakmpHeaderLength = 28;

/** What a frame is, or undefined when it is no IPv4 packet (ARP, IPv6) or too short to tell. */
export function decodeOuter(frame: Uint8Array): OuterPacket | undefined {
  if (frame.length < 14 || u16(frame, 12) !== etherTypeIpv4) return undefined;
  return decodeOuterIp(frame.subarray(14));
}

/** The same of an IP packet without a frame around it. */
export function decodeOuterIp(ip: Uint8Array): OuterPacket | undefined {
  if (ip.length < 20) return undefined;
  const headerLength = (octet(ip, 0) & 0x0f) * 4;
  if (octet(ip, 0) >> 4 !== 4 || headerLength < 20 || ip.length < headerLength) return undefined;
  const size = u16(ip, 2);
  const fragmentOffset = u16(ip, 6) & 0x1fff;
  const source = dotted(ip, 12);
  const destination = dotted(ip, 16);
  // Ethernet pads short frames: the total length says where the packet ends.
  const payload = ip.subarray(headerLength, Math.max(headerLength, size));
  if (fragmentOffset > 0)
    return { source, destination, ports: undefined, size, content: { kind: 'fragment' } };
  const protocol = octet(ip, 9);
  const isUdp = protocol === protocolUdp && payload.length >= 8;
  const ports = isUdp ? { source: u16(payload, 0), destination: u16(payload, 2) } : undefined;
  return { source, destination, ports, size, content: contentOf(protocol, ports, payload) };
}

function contentOf(protocol: number, udp: OuterPacket['ports'], payload: Uint8Array): Content {
  if (protocol === protocolEsp) return { kind: 'esp-native', spi: u32(payload, 0) };
  if (protocol === protocolIcmp && payload[0] === echoRequest) return { kind: 'echo-request' };
  if (!udp) return { kind: 'other' };
  const ports = [udp.source, udp.destination];
  const data = payload.subarray(8);
  // A NAT may change the client's port, the responder's stays 500 or 4500: one of both is enough.
  if (ports.includes(4500)) return onPort4500(data);
  if (ports.includes(500)) return onPort500(data);
  return ports.includes(1701) ? { kind: 'clear-l2tp' } : { kind: 'other' };
}

/** RFC 3948 2: ESP, the non-ESP marker before IKE, or one octet 0xFF. */
function onPort4500(data: Uint8Array): Content {
  if (isKeepalive(data)) return { kind: 'keepalive' };
  if (data.length < 4) return { kind: 'other' };
  if (!startsWithZeros(data, 4)) return { kind: 'esp-in-udp', spi: u32(data, 0) };
  return { kind: 'ike', port: 4500, isakmp: isakmpOutline(data.subarray(4)) };
}

/** Drafts 00 and 01 of NAT-T send ESP on port 500 too, after eight zero octets where IKE has its initiator cookie. */
function onPort500(data: Uint8Array): Content {
  if (isKeepalive(data)) return { kind: 'keepalive' };
  if (data.length > 8 && startsWithZeros(data, 8)) return { kind: 'esp-in-udp', spi: u32(data, 8) };
  return { kind: 'ike', port: 500, isakmp: isakmpOutline(data) };
}

function isakmpOutline(message: Uint8Array): IsakmpOutline | undefined {
  if (message.length < isakmpHeaderLength) return undefined;
  return {
    initiatorCookie: hex(message.subarray(0, 8)),
    responderCookie: hex(message.subarray(8, 16)),
    exchangeType: octet(message, 18),
    messageId: u32(message, 20),
    message,
  };
}

function isKeepalive(data: Uint8Array): boolean {
  return data.length === 1 && data[0] === 0xff;
}

function startsWithZeros(data: Uint8Array, count: number): boolean {
  if (data.length < count) return false;
  for (let index = 0; index < count; index++) if (data[index] !== 0) return false;
  return true;
}

function octet(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

function u16(bytes: Uint8Array, offset: number): number {
  return octet(bytes, offset) * 256 + octet(bytes, offset + 1);
}

function u32(bytes: Uint8Array, offset: number): number {
  return u16(bytes, offset) * 0x10000 + u16(bytes, offset + 2);
}

function dotted(bytes: Uint8Array, offset: number): string {
  return `${octet(bytes, offset)}.${octet(bytes, offset + 1)}.${octet(bytes, offset + 2)}.${octet(bytes, offset + 3)}`;
}

/** Lower-case hexadecimal digits of some octets. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
