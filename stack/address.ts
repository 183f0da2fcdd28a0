/** An IPv4 address in dotted decimals. */
export type Ipv4 = string;

/** One end of a UDP conversation. */
export interface UdpAddress {
  readonly ip: Ipv4;
  readonly port: number;
}

export function sameUdpAddress(a: UdpAddress, b: UdpAddress): boolean {
  return a.ip === b.ip && a.port === b.port;
}

export function udpAddressText(address: UdpAddress): string {
  return `${address.ip}:${address.port}`;
}

/** The four octets of an address, in network order. Throws on text that is no IPv4 address: callers check theirs. */
export function ipv4ToBytes(ip: Ipv4): Uint8Array {
  const parts = ip.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : -1));
  if (parts.length !== 4 || parts.some((part) => part < 0 || part > 255)) {
    throw new TypeError(`not an IPv4 address: ${JSON.stringify(ip)}`);
  }
  return Uint8Array.from(parts);
}

/** Dotted decimals of the four octets at `offset`. */
export function ipv4FromBytes(bytes: Uint8Array, offset = 0): Ipv4 {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}
