import { type Ipv4, ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import type { UserEntry } from './config.ts';

/**
 * Inner addresses for VPN users. "IP addresses defined in the user database take precedence over
 * the IP pool addresses" (the AlliedWare How-To): a user's own address is never given to another. Nor is the
 * responder's own, which a pool may be wide enough to hold: a link needs two (RFC 1332 3.3).
 */
export class AddressPool {
  readonly #fixed: ReadonlyMap<string, Ipv4>;
  readonly #reserved: ReadonlySet<Ipv4>;
  readonly #range: { readonly first: number; readonly last: number } | undefined;
  readonly #taken = new Set<Ipv4>();

  /** @param own the responder's inner address */
  constructor(
    users: readonly UserEntry[],
    pool: { readonly first: Ipv4; readonly last: Ipv4 } | undefined,
    own: Ipv4,
  ) {
    const fixed = users.flatMap((user) =>
      user.address === undefined ? [] : [[user.name, user.address] as const],
    );
    this.#fixed = new Map(fixed);
    this.#reserved = new Set([...this.#fixed.values(), own]);
    this.#range = pool && { first: numberOf(pool.first), last: numberOf(pool.last) };
  }

  get taken(): number {
    return this.#taken.size;
  }

  /** The user's own address or the lowest free one of the pool; `undefined` when there is none. */
  allocate(user: string): Ipv4 | undefined {
    const own = this.#fixed.get(user);
    const address = own ?? this.#lowestFree();
    if (address === undefined || this.#taken.has(address)) return undefined;
    this.#taken.add(address);
    return address;
  }

  release(address: Ipv4): void {
    this.#taken.delete(address);
  }

  #lowestFree(): Ipv4 | undefined {
    if (this.#range === undefined) return undefined;
    for (let candidate = this.#range.first; candidate <= this.#range.last; candidate++) {
      const address = textOf(candidate);
      if (!this.#taken.has(address) && !this.#reserved.has(address)) return address;
    }
    return undefined;
  }
}

function numberOf(ip: Ipv4): number {
  return new DataView(ipv4ToBytes(ip).buffer).getUint32(0);
}

function textOf(address: number): Ipv4 {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, address);
  return ipv4FromBytes(bytes);
}
