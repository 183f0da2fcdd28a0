import { type Ipv4, type UdpAddress, udpAddressText } from '../address.ts';
import { Simulation, type Timed } from './simulation.ts';

/** A UDP datagram on its way; or, with both ports 0, an ESP packet, which has none. */
export interface Datagram {
  readonly source: UdpAddress;
  readonly destination: UdpAddress;
  readonly payload: Uint8Array;
}

/** A NAT gateway: inside addresses get a port of the public one; `forwards` let strangers in. */
export class Nat {
  readonly publicAddress: Ipv4;
  readonly #keepsPorts: boolean;
  readonly #mappings = new Map<string, { readonly inside: UdpAddress; readonly port: number }>();
  #nextPort = 61_000;

  constructor(publicAddress: Ipv4, keepsPorts: boolean, forwards: readonly UdpAddress[] = []) {
    this.publicAddress = publicAddress;
    this.#keepsPorts = keepsPorts;
    for (const inside of forwards) this.#mappings.set(udpAddressText(inside), { inside, port: inside.port });
  }

  /** `undefined` for ESP: without ports nobody could tell whose answer comes back. */
  outward(datagram: Datagram): Datagram | undefined {
    const { source } = datagram;
    if (source.port === 0) return undefined;
    const key = udpAddressText(source);
    const taken = [...this.#mappings.values()].some(({ port }) => port === source.port);
    const mapping = this.#mappings.get(key) ?? {
      inside: source,
      port: this.#keepsPorts && !taken ? source.port : this.#nextPort++,
    };
    this.#mappings.set(key, mapping);
    return { ...datagram, source: { ip: this.publicAddress, port: mapping.port } };
  }

  inward(datagram: Datagram): Datagram | undefined {
    const { ip, port } = datagram.destination;
    const mapping = [...this.#mappings.values()].find((each) => each.port === port);
    return ip === this.publicAddress && mapping ? { ...datagram, destination: mapping.inside } : undefined;
  }

  /** Forgets the mappings of an inside host: its next datagram gets a new port. */
  rebind(inside: Ipv4): void {
    for (const [key, mapping] of this.#mappings) if (mapping.inside.ip === inside) this.#mappings.delete(key);
  }
}

export interface InternetHost extends Timed {
  readonly address: Ipv4;
  readonly nat: Nat | undefined;
  receive(datagram: Datagram): void;
}

/** For tests: hosts with addresses, some of them behind NAT, joined by an unreliable network. */
export class Internet extends Simulation {
  /** Every datagram as it entered the network, behind the sender's NAT. */
  readonly wire: Datagram[] = [];
  /** Changes or drops datagrams on the way, as a test wants. */
  tamper: (datagram: Datagram) => Datagram | undefined = (datagram) => datagram;
  readonly #hosts: InternetHost[] = [];

  join(host: InternetHost): void {
    this.#hosts.push(host);
    this.add(host);
  }

  /** Its plug is pulled: nothing reaches it any more, and its time stands still. */
  leave(host: InternetHost): void {
    this.#hosts.splice(this.#hosts.indexOf(host), 1);
    this.remove(host);
  }

  send(from: InternetHost, datagram: Datagram): void {
    const translated = from.nat === undefined ? datagram : from.nat.outward(datagram);
    const outside = translated && this.tamper(translated);
    if (outside === undefined) return;
    this.wire.push(outside);
    this.carry(() => this.#deliver(outside));
  }

  #deliver(datagram: Datagram): void {
    for (const host of this.#hosts) {
      const arrived = host.nat === undefined ? datagram : host.nat.inward(datagram);
      if (arrived?.destination.ip === host.address) return host.receive(arrived);
    }
  }
}
