import type { Ipv4 } from '../../address.ts';
import type { Instant } from '../../engine.ts';
import type { Fact } from '../../fact.ts';
import { type Datagram, Internet, type InternetHost, Nat } from '../../testing/internet.ts';
import { type Impairment, perfect } from '../../testing/simulation.ts';
import { ClientEndpoint } from '../client.ts';
import type { ClientEndpointConfig, EndpointEffect, ResponderEndpointConfig } from '../config.ts';
import { ResponderEndpoint } from '../responder.ts';

/** For tests: an endpoint at an address of a simulated internet, and what came of it. */
export class EndpointHost<Endpoint extends ClientEndpoint | ResponderEndpoint> implements InternetHost {
  readonly address: Ipv4;
  readonly nat: Nat | undefined;
  readonly endpoint: Endpoint;
  readonly told: Extract<EndpointEffect, { effect: 'fact' }>[] = [];
  /** IP packets that left the tunnel here. */
  readonly delivered: Uint8Array[] = [];
  readonly links: Extract<EndpointEffect, { effect: 'link-up' | 'link-down' }>[] = [];
  readonly #internet: Internet;

  constructor(internet: Internet, address: Ipv4, nat: Nat | undefined, endpoint: Endpoint) {
    this.#internet = internet;
    this.address = address;
    this.nat = nat;
    this.endpoint = endpoint;
    internet.join(this);
  }

  get facts(): Fact[] {
    return this.told.map(({ fact }) => fact);
  }

  /** The facts of each path, in order; those of none are under `undefined`. */
  get factsOnPath(): ReadonlyMap<string | undefined, readonly Fact[]> {
    const byPath = Map.groupBy(this.told, ({ path }) => path);
    return new Map([...byPath].map(([path, told]) => [path, told.map(({ fact }) => fact)]));
  }

  get isUp(): boolean {
    return this.links.at(-1)?.effect === 'link-up';
  }

  /** The first fact of that name. */
  fact<Name extends Fact['fact']>(name: Name): Extract<Fact, { fact: Name }> | undefined {
    return this.facts.find((fact): fact is Extract<Fact, { fact: Name }> => fact.fact === name);
  }

  /** Lets the endpoint do something now. */
  act(action: (endpoint: Endpoint, now: Instant) => EndpointEffect[]): void {
    this.#perform(action(this.endpoint, this.#internet.now));
  }

  receive({ source: peer, destination: local, payload }: Datagram): void {
    this.act((endpoint, now) =>
      local.port === 0
        ? endpoint.receiveEsp({ local: local.ip, peer: peer.ip, payload }, now)
        : endpoint.receiveUdp({ local, peer, payload }, now),
    );
  }

  deadline(): Instant | undefined {
    return this.endpoint.deadline();
  }

  tick(now: Instant): void {
    this.#perform(this.endpoint.tick(now));
  }

  #perform(effects: readonly EndpointEffect[]): void {
    for (const effect of effects) {
      switch (effect.effect) {
        case 'send-udp': {
          const { local: source, peer: destination, payload } = effect;
          this.#internet.send(this, { source, destination, payload });
          break;
        }
        case 'send-esp': {
          const { local, peer, payload } = effect;
          const [source, destination] = [
            { ip: local, port: 0 },
            { ip: peer, port: 0 },
          ];
          this.#internet.send(this, { source, destination, payload });
          break;
        }
        case 'link-up':
        case 'link-down':
          this.links.push(effect);
          break;
        case 'deliver-ip':
          this.delivered.push(effect.packet);
          break;
        case 'fact':
          this.told.push(effect);
      }
    }
  }
}

/** Joins a responder with clients that all stand behind one NAT; nobody has dialled yet. */
export function behindOneNat(
  seed: string,
  nat: Nat,
  clients: readonly ClientEndpointConfig[],
  responder: ResponderEndpointConfig,
) {
  const internet = new Internet(seed, perfect);
  const endpoint = new ResponderEndpoint(responder, internet.randomOf('responder'));
  return {
    internet,
    responder: new EndpointHost(internet, responder.localAddress, undefined, endpoint),
    clients: clients.map((config, index) => {
      const client = new ClientEndpoint(config, internet.randomOf(`client ${index}`));
      return new EndpointHost(internet, config.localAddress, nat, client);
    }),
  };
}

/** What lies between two endpoints. */
export interface Way extends Partial<Impairment> {
  /** Public address of the NAT before the client; it gives every inside port another outside port. */
  readonly clientNat?: Ipv4;
  /** Public address of the NAT before the responder, and the UDP ports that it forwards. */
  readonly responderNat?: { readonly public: Ipv4; readonly forwards: readonly number[] };
}

/** Joins a client and a responder; nobody has dialled yet. */
export function joined(
  seed: string,
  { clientNat, responderNat, ...impairment }: Way,
  client: ClientEndpointConfig,
  responder: ResponderEndpointConfig,
) {
  const internet = new Internet(seed, { ...perfect, ...impairment });
  const forwards = responderNat?.forwards.map((port) => ({ ip: responder.localAddress, port }));
  return {
    internet,
    client: new EndpointHost(
      internet,
      client.localAddress,
      clientNat === undefined ? undefined : new Nat(clientNat, false),
      new ClientEndpoint(client, internet.randomOf('client')),
    ),
    responder: new EndpointHost(
      internet,
      responder.localAddress,
      responderNat && new Nat(responderNat.public, true, forwards),
      new ResponderEndpoint(responder, internet.randomOf('responder')),
    ),
  };
}
