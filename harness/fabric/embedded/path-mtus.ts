/** RFC 1191 3: no path is smaller; Linux believes nothing below 552 (min_pmtu). */
const smallest = 552;
/** Of a destination that is unreachable (RFC 792). */
export const fragmentationNeeded = 4;

/** What a host was told of the ways to others (RFC 1191 3). It is believed for as long as the host lives. */
export class PathMtus {
  readonly #known = new Map<number, number>();

  /** Octets of an IP packet to this address. @param own of the interface that it leaves by */
  toward(destination: number, own: number): number {
    return this.#known.size === 0 ? own : Math.min(own, this.#known.get(destination) ?? own);
  }

  /**
   * Reads an ICMP message of type 3: "fragmentation needed" names the MTU of the next hop and quotes a packet.
   * @param isOwn whether this host has an address: only of its own packets it is told anything
   */
  learn(icmp: Uint8Array, isOwn: (address: number) => boolean): void {
    const quoted = icmp.subarray(8);
    const view = new DataView(icmp.buffer, icmp.byteOffset, icmp.byteLength);
    if (icmp[1] !== fragmentationNeeded || quoted.length < 20) return;
    const mtu = view.getUint16(6);
    const [source, destination] = [view.getUint32(8 + 12), view.getUint32(8 + 16)];
    if (mtu === 0 || !isOwn(source)) return;
    const told = Math.max(mtu, smallest);
    this.#known.set(destination, Math.min(told, this.#known.get(destination) ?? told));
  }
}
