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
  const bytes = new Uint8Array(4);
  let place = 0;
  let value = 0;
  let digits = 0;
  // Once through and without a pattern: each packet that is built or checked asks twice.
  for (let index = 0; index <= ip.length; index++) {
    const code = index === ip.length ? dot : ip.charCodeAt(index);
    if (code === dot) {
      if (digits === 0 || digits > 3 || value > 255 || place > 3) throw notAnAddress(ip);
      bytes[place++] = value;
      value = 0;
      digits = 0;
    } else {
      if (code < zero || code > nine) throw notAnAddress(ip);
      value = value * 10 + code - zero;
      digits++;
    }
  }
  if (place !== 4) throw notAnAddress(ip);
  return bytes;
}

const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;

function notAnAddress(ip: string): TypeError {
  return new TypeError(`not an IPv4 address: ${JSON.stringify(ip)}`);
}

/** Dotted decimals of the four octets at `offset`. */
export function ipv4FromBytes(bytes: Uint8Array, offset = 0): Ipv4 {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}
