import { type Ipv4, sameUdpAddress, type UdpAddress } from '../address.ts';
import type { Instant } from '../engine.ts';
import type { Fact } from '../fact.ts';
import type { ClientEndpoint } from './client.ts';
import type { EndpointEffect } from './config.ts';
import type { ResponderEndpoint } from './responder.ts';

/** What lies between two endpoints in a test. Addresses that are absent mean that no NAT is there. */
export interface PathSettings {
  /** Public address of the NAT before the client; it gives every inside port another outside port. */
  readonly clientNat?: Ipv4;
  /** Public address of the NAT before the responder, and the UDP ports that it forwards. */
  readonly responderNat?: { readonly public: Ipv4; readonly forwards: readonly number[] };
  /** 0 to 1, per packet and direction. */
  readonly loss: number;
  readonly duplication: number;
  /** Each packet takes between 1 ms and this long, so that packets overtake each other. */
  readonly slowestMs: number;
  /** Numbers from 0 to 1 that decide all of it. */
  readonly chance: () => number;
}

type Side = 'client' | 'responder';
interface Arrival {
  readonly at: Instant;
  readonly deliver: (now: Instant) => EndpointEffect[];
  readonly to: Side;
}

const remapOffset = 20_000;

/** Joins a client and a responder endpoint in memory under a virtual clock. Test support. */
export class SimulatedPath {
  now: Instant = 0;
  readonly facts: Record<Side, Fact[]> = { client: [], responder: [] };
  readonly delivered: Record<Side, Uint8Array[]> = { client: [], responder: [] };
  readonly links: Record<Side, Extract<EndpointEffect, { effect: 'link-up' | 'link-down' }>[]> = {
    client: [],
    responder: [],
  };
  /** Every packet that was sent, as octets: two runs with one seed give the same. */
  readonly sent: { readonly from: Side; readonly octets: Uint8Array; readonly carrier: 'udp' | 'esp' }[] = [];
  readonly client: ClientEndpoint;
  readonly responder: ResponderEndpoint;
  readonly #settings: PathSettings;
  #arrivals: Arrival[] = [];

  constructor(client: ClientEndpoint, responder: ResponderEndpoint, settings: PathSettings) {
    this.client = client;
    this.responder = responder;
    this.#settings = settings;
  }

  /** Lets one endpoint do something now. */
  act(side: Side, action: (now: Instant) => EndpointEffect[]): void {
    this.#apply(side, action(this.now));
  }

  /** Runs until `until` holds; false when nothing is left to happen or `limitMs` have passed. */
  run(until: () => boolean, limitMs: number): boolean {
    const end = this.now + limitMs;
    while (!until()) {
      const next = this.#next();
      if (next === undefined || next.at > end) return false;
      this.now = Math.max(this.now, next.at);
      this.#apply(next.to, next.deliver(this.now));
    }
    return true;
  }

  #next(): Arrival | undefined {
    const timers = (['client', 'responder'] as const).flatMap((side): Arrival[] => {
      const at = this[side].deadline();
      return at === undefined ? [] : [{ at, to: side, deliver: (now) => this[side].tick(now) }];
    });
    const next = [...this.#arrivals, ...timers].reduce<Arrival | undefined>(
      (first, each) => (first === undefined || each.at < first.at ? each : first),
      undefined,
    );
    this.#arrivals = this.#arrivals.filter((arrival) => arrival !== next);
    return next;
  }

  #apply(from: Side, effects: readonly EndpointEffect[]): void {
    for (const effect of effects) {
      switch (effect.effect) {
        case 'send-udp':
          this.sent.push({ from, octets: effect.payload, carrier: 'udp' });
          this.#carryUdp(from, effect.local, effect.peer, effect.payload);
          break;
        case 'send-esp':
          this.sent.push({ from, octets: effect.payload, carrier: 'esp' });
          this.#carryEsp(from, effect.local, effect.peer, effect.payload);
          break;
        case 'link-up':
        case 'link-down':
          this.links[from].push(effect);
          break;
        case 'deliver-ip':
          this.delivered[from].push(effect.packet);
          break;
        case 'fact':
          this.facts[from].push(effect.fact);
      }
    }
  }

  #carryUdp(from: Side, source: UdpAddress, destination: UdpAddress, payload: Uint8Array): void {
    const translated =
      from === 'client'
        ? this.#towardResponder(source, destination)
        : this.#towardClient(source, destination);
    if (translated === undefined) return;
    const { peer, local } = translated;
    const to = from === 'client' ? 'responder' : 'client';
    this.#schedule(to, (now) => this[to].receiveUdp({ local, peer, payload }, now));
  }

  /** Protocol 50 has no ports: it passes only where no NAT is. */
  #carryEsp(from: Side, local: Ipv4, peer: Ipv4, payload: Uint8Array): void {
    if (this.#settings.clientNat !== undefined || this.#settings.responderNat !== undefined) return;
    const to = from === 'client' ? 'responder' : 'client';
    this.#schedule(to, (now) => this[to].receiveEsp({ local: peer, peer: local, payload }, now));
  }

  #towardResponder(source: UdpAddress, destination: UdpAddress) {
    const { clientNat, responderNat } = this.#settings;
    if (clientNat !== undefined) this.#inside = source.ip;
    const peer = clientNat === undefined ? source : { ip: clientNat, port: source.port + remapOffset };
    if (responderNat === undefined) return { peer, local: destination };
    const forwarded =
      destination.ip === responderNat.public && responderNat.forwards.includes(destination.port);
    return forwarded ? { peer, local: { ip: this.#responderAddress, port: destination.port } } : undefined;
  }

  #towardClient(source: UdpAddress, destination: UdpAddress) {
    const { clientNat, responderNat } = this.#settings;
    const peer = responderNat === undefined ? source : { ip: responderNat.public, port: source.port };
    if (clientNat === undefined) return { peer, local: destination };
    const mapped = { ip: clientNat, port: destination.port };
    if (this.#inside === undefined || !sameUdpAddress(mapped, destination)) return undefined;
    return { peer, local: { ip: this.#inside, port: destination.port - remapOffset } };
  }

  #inside: Ipv4 | undefined;
  #responderAddress: Ipv4 = '10.0.0.2';

  #schedule(to: Side, deliver: (now: Instant) => EndpointEffect[]): void {
    const { loss, duplication, slowestMs, chance } = this.#settings;
    const copies = chance() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (chance() < loss) continue;
      this.#arrivals.push({ at: this.now + 1 + chance() * (slowestMs - 1), to, deliver });
    }
  }
}
