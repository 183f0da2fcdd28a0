import { type Ipv4, sameUdpAddress, type UdpAddress } from '../address.ts';
import { hex } from '../octets.ts';
import { Simulation, type Timed } from './simulation.ts';

/** A UDP datagram on its way; or, with both ports 0, an ESP packet, which has none. */
export interface Datagram {
  readonly source: UdpAddress;
  readonly destination: UdpAddress;
  readonly payload: Uint8Array;
}

/**
 * What decides over a mapping of an inside address and port, and who may use it from outside (RFC 4787 4.1, 5):
 * - `endpoint-independent`: nothing else, and anybody;
 * - `symmetric`: the outside address and port, and those alone (address and port dependent);
 * - `ike-helper`: as the first, but every host's port 500 stays 500, and what comes back goes by the initiator
 *   cookie: the "IPsec pass-through" of home routers, for which ESP on port 500 has no owner.
 */
export type NatKind = 'endpoint-independent' | 'symmetric' | 'ike-helper';

interface Mapping {
  readonly inside: UdpAddress;
  /** The only outside place that it is for. */
  readonly outside: UdpAddress | undefined;
  readonly port: number;
}

/** A NAT gateway: inside addresses get a port of the public one; `forwards` let strangers in. */
export class Nat {
  readonly #keepsPorts: boolean;
  readonly #kind: NatKind;
  #publicAddress: Ipv4;
  #mappings: Mapping[];
  /** For `ike-helper`: who sent which initiator cookie, by its digits; the newest last. */
  readonly #cookies = new Map<string, UdpAddress>();
  #nextPort = 61_000;

  constructor(
    publicAddress: Ipv4,
    keepsPorts: boolean,
    forwards: readonly UdpAddress[] = [],
    kind: NatKind = 'endpoint-independent',
  ) {
    this.#publicAddress = publicAddress;
    this.#keepsPorts = keepsPorts;
    this.#kind = kind;
    this.#mappings = forwards.map((inside) => ({ inside, outside: undefined, port: inside.port }));
  }

  get publicAddress(): Ipv4 {
    return this.#publicAddress;
  }

  /** `undefined` for ESP: without ports nobody could tell whose answer comes back. */
  outward(datagram: Datagram): Datagram | undefined {
    const { source, payload } = datagram;
    if (source.port === 0) return undefined;
    if (this.#helps(source.port)) {
      this.#cookies.delete(cookieOf(payload));
      this.#cookies.set(cookieOf(payload), source);
      return { ...datagram, source: { ip: this.#publicAddress, port: source.port } };
    }
    const { port } = this.#mappingFor(source, datagram.destination);
    return { ...datagram, source: { ip: this.#publicAddress, port } };
  }

  inward(datagram: Datagram): Datagram | undefined {
    const { destination, source, payload } = datagram;
    if (destination.ip !== this.#publicAddress) return undefined;
    if (this.#helps(destination.port)) {
      const inside = this.#cookies.get(cookieOf(payload)) ?? [...this.#cookies.values()].at(-1);
      return inside && { ...datagram, destination: inside };
    }
    const mapping = this.#mappings.find(
      ({ port, outside }) =>
        port === destination.port && (outside === undefined || sameUdpAddress(outside, source)),
    );
    return mapping && { ...datagram, destination: mapping.inside };
  }

  /** Forgets the mappings of an inside host: its next datagram gets a new port. */
  rebind(inside: Ipv4): void {
    this.#mappings = this.#mappings.filter((mapping) => mapping.inside.ip !== inside);
  }

  /** Gives each of two inside hosts the outside ports of the other. */
  swap(first: Ipv4, second: Ipv4): void {
    const other = new Map([
      [first, second],
      [second, first],
    ]);
    this.#mappings = this.#mappings.map((mapping) => {
      const ip = other.get(mapping.inside.ip) ?? mapping.inside.ip;
      return { ...mapping, inside: { ...mapping.inside, ip } };
    });
  }

  /** The provider gives it another address; all mappings stay, behind that one. */
  readdress(publicAddress: Ipv4): void {
    this.#publicAddress = publicAddress;
  }

  #helps(port: number): boolean {
    return this.#kind === 'ike-helper' && port === 500;
  }

  #mappingFor(inside: UdpAddress, destination: UdpAddress): Mapping {
    const outside = this.#kind === 'symmetric' ? destination : undefined;
    const known = this.#mappings.find(
      (each) =>
        sameUdpAddress(each.inside, inside) &&
        (each.outside === undefined || sameUdpAddress(each.outside, destination)),
    );
    if (known !== undefined) return known;
    const taken = this.#mappings.some(({ port }) => port === inside.port);
    const port = this.#keepsPorts && !taken ? inside.port : this.#nextPort++;
    const mapping = { inside, outside, port };
    this.#mappings.push(mapping);
    return mapping;
  }
}

function cookieOf(payload: Uint8Array): string {
  return hex(payload.subarray(0, 8));
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

  /** Does something that often, from one period on. */
  every(periodMs: number, action: () => void): void {
    let due = this.now + periodMs;
    this.add({
      deadline: () => due,
      tick: (now) => {
        if (now < due) return;
        due = now + periodMs;
        action();
      },
    });
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
