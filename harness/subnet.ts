/** Arithmetic on IPv4 addresses and CIDR texts whose form the topology schema has checked. */

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function parts(cidr: string): { readonly address: string; readonly prefix: number; readonly size: number } {
  const [address = '', length] = cidr.split('/');
  const prefix = Number(length);
  return { address, prefix, size: 2 ** (32 - prefix) };
}

/** `192.168.1.10` of `192.168.1.10/24`. */
export function addressOf(cidr: string): string {
  return parts(cidr).address;
}

/** 24 of `192.168.1.10/24`. */
export function prefixOf(cidr: string): number {
  return parts(cidr).prefix;
}

export function containsAddress(subnet: string, address: string): boolean {
  const { address: network, size } = parts(subnet);
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(network) / size);
}

export function containsSubnet(outer: string, inner: string): boolean {
  return prefixOf(inner) >= prefixOf(outer) && containsAddress(outer, addressOf(inner));
}

export function overlaps(a: string, b: string): boolean {
  return containsSubnet(a, b) || containsSubnet(b, a);
}

/** True when every host bit of a subnet's text is zero. */
export function isAligned(subnet: string): boolean {
  const { address, size } = parts(subnet);
  return toNumber(address) % size === 0;
}

/** True for an address that a host can own: neither the subnet's own nor its broadcast address (RFC 1122 3.2.1.3). */
export function isHostAddress(subnet: string, address: string): boolean {
  const { size } = parts(subnet);
  const host = toNumber(address) % size;
  return size <= 2 || (host !== 0 && host !== size - 1);
}
