import { createHash } from 'node:crypto';
import { type Ipv4, sameUdpAddress, type UdpAddress, udpAddressText } from '../../address.ts';
import type { Instant, RandomSource } from '../../engine.ts';
import type { Fact } from '../../fact.ts';
import { uint32 } from '../../octets.ts';
import type { SaPair } from '../../sa.ts';
import type { IkeConfig } from '../config.ts';
import type { IkeEffect } from '../effect.ts';
import { IkeEngine } from '../engine.ts';

/** For tests: IKE engines joined by an unreliable network with NATs, all in memory under a virtual clock. */
export interface Network {
  readonly seed: number;
  /** Chance of 0 to 1 that a datagram is lost, and that it arrives twice. */
  readonly loss?: number;
  readonly duplication?: number;
  /** Longest one-way delay in milliseconds; each datagram draws its own, so a long one reorders. */
  readonly delayMs?: number;
}

export interface Datagram {
  readonly source: UdpAddress;
  readonly destination: UdpAddress;
  readonly message: Uint8Array;
}

/** Octets that look random and depend on the seed alone. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0;
  return (length) => {
    const octets = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      const block = createHash('sha256').update(seed).update(uint32(counter++)).digest();
      octets.set(block.subarray(0, length - offset), offset);
    }
    return octets;
  };
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

  outward(datagram: Datagram): Datagram {
    const { source } = datagram;
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
    const mapping = [...this.#mappings.values()].find(({ port }) => port === datagram.destination.port);
    return mapping && { ...datagram, destination: mapping.inside };
  }

  /** Forgets the mappings of an inside host: its next datagram gets a new port. */
  rebind(inside: Ipv4): void {
    for (const [key, mapping] of this.#mappings) if (mapping.inside.ip === inside) this.#mappings.delete(key);
  }
}

/** One host with its engine, and what came of it. */
export class Host {
  readonly address: Ipv4;
  readonly nat: Nat | undefined;
  readonly engine: IkeEngine;
  readonly facts: Fact[] = [];
  readonly installed = new Map<number, SaPair>();
  readonly moves: { readonly from: UdpAddress; readonly to: UdpAddress }[] = [];
  keepalives = 0;

  constructor(address: Ipv4, nat: Nat | undefined, config: IkeConfig, random: RandomSource) {
    this.address = address;
    this.nat = nat;
    this.engine = new IkeEngine(config, random);
  }

  factsNamed<Name extends Fact['fact']>(name: Name): Extract<Fact, { fact: Name }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { fact: Name }> => fact.fact === name);
  }
}

export class Simulation {
  now: Instant = 0;
  /** Every datagram as it entered the network, behind the sender's NAT. */
  readonly wire: Datagram[] = [];
  /** Changes or drops datagrams on the way, as a test wants. */
  tamper: (datagram: Datagram) => Datagram | undefined = (datagram) => datagram;
  readonly #network: Network;
  readonly #chance: () => number;
  readonly #hosts: Host[] = [];
  readonly #queue: { readonly at: Instant; readonly datagram: Datagram }[] = [];

  constructor(network: Network) {
    this.#network = network;
    const random = seededRandom(`network ${network.seed}`);
    this.#chance = () => {
      const [a = 0, b = 0, c = 0] = random(3);
      return (a * 65_536 + b * 256 + c) / 2 ** 24;
    };
  }

  add(address: Ipv4, config: IkeConfig, nat?: Nat): Host {
    const random = seededRandom(`host ${this.#hosts.length} ${this.#network.seed}`);
    const host = new Host(address, nat, config, random);
    this.#hosts.push(host);
    return host;
  }

  dial(host: Host, peer: Ipv4): void {
    this.handle(
      host,
      host.engine.connect({ ip: host.address, port: 500 }, { ip: peer, port: 500 }, this.now),
    );
  }

  handle(host: Host, effects: readonly IkeEffect[]): void {
    for (const effect of effects) {
      switch (effect.effect) {
        case 'send-ike':
          this.#send(host, { source: effect.local, destination: effect.peer, message: effect.message });
          break;
        case 'send-keepalive':
          host.keepalives++;
          break;
        case 'install-sa':
          host.installed.set(effect.sa.inbound.spi, effect.sa);
          break;
        case 'remove-sa':
          host.installed.delete(effect.inboundSpi);
          break;
        case 'peer-moved':
          host.moves.push(effect);
          break;
        case 'fact':
          host.facts.push(effect.fact);
          break;
      }
    }
  }

  /** Lets everything happen that is due up to `until`. */
  run(until: Instant): void {
    for (;;) {
      const next = this.#nextInstant();
      if (next > until) break;
      this.now = Math.max(this.now, next);
      const due = this.#queue.findIndex(({ at }) => at <= this.now);
      const [arrival] = due < 0 ? [] : this.#queue.splice(due, 1);
      if (arrival === undefined) {
        for (const host of this.#hosts) this.handle(host, host.engine.tick(this.now));
      } else this.#deliver(arrival.datagram);
    }
    this.now = until;
  }

  #nextInstant(): Instant {
    const arrivals = this.#queue.map(({ at }) => at);
    const deadlines = this.#hosts.map((host) => host.engine.deadline() ?? Infinity);
    return Math.min(...arrivals, ...deadlines);
  }

  #send(host: Host, sent: Datagram): void {
    const outside = this.tamper(host.nat?.outward(sent) ?? sent);
    if (outside === undefined) return;
    this.wire.push(outside);
    const { loss = 0, duplication = 0, delayMs = 10 } = this.#network;
    const copies = this.#chance() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const at = this.now + 1 + Math.floor(this.#chance() * delayMs);
      if (this.#chance() >= loss) this.#queue.push({ at, datagram: outside });
    }
    this.#queue.sort((a, b) => a.at - b.at);
  }

  #deliver(datagram: Datagram): void {
    for (const host of this.#hosts) {
      const arrived =
        host.nat?.publicAddress === datagram.destination.ip ? host.nat.inward(datagram) : datagram;
      if (arrived === undefined || arrived.destination.ip !== host.address) continue;
      if (host.nat === undefined && !sameUdpAddress(arrived.destination, datagram.destination)) continue;
      const { destination: local, source: peer, message } = arrived;
      this.handle(host, host.engine.receive({ local, peer, message }, this.now));
      return;
    }
  }
}
