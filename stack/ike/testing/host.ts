import type { Ipv4, UdpAddress } from '../../address.ts';
import type { Instant } from '../../engine.ts';
import type { Fact } from '../../fact.ts';
import type { SaPair } from '../../sa.ts';
import type { Datagram, Internet, InternetHost, Nat } from '../../testing/internet.ts';
import type { IkeConfig } from '../config.ts';
import type { IkeEffect } from '../effect.ts';
import { IkeEngine } from '../engine.ts';

/** For tests: an IKE engine at an address of a simulated internet, and what came of it. */
export class Host implements InternetHost {
  readonly address: Ipv4;
  readonly nat: Nat | undefined;
  readonly engine: IkeEngine;
  readonly facts: Fact[] = [];
  readonly installed = new Map<number, SaPair>();
  /** Of every SA that was installed, in order. */
  readonly paths: string[] = [];
  readonly moves: { readonly from: UdpAddress; readonly to: UdpAddress }[] = [];
  /** Inbound SPIs of the pairs that became the one to send by, in order. */
  readonly used: number[] = [];
  /** Paths that nothing carries any more. */
  readonly gone: string[] = [];
  keepalives = 0;
  readonly #internet: Internet;

  /** `life` tells the lives of a host that is started again apart: each has randomness of its own. */
  constructor(internet: Internet, address: Ipv4, config: IkeConfig, nat?: Nat, life = 1) {
    this.#internet = internet;
    this.address = address;
    this.nat = nat;
    this.engine = new IkeEngine(config, internet.randomOf(`${nat?.publicAddress} ${address} ${life}`));
    internet.join(this);
  }

  dial(peer: Ipv4): void {
    const local = { ip: this.address, port: 500 };
    this.perform(this.engine.connect(local, { ip: peer, port: 500 }, this.#internet.now));
  }

  receive({ source: peer, destination: local, payload: message }: Datagram): void {
    this.perform(this.engine.receive({ local, peer, message }, this.#internet.now));
  }

  deadline(): Instant | undefined {
    return this.engine.deadline();
  }

  tick(now: Instant): void {
    this.perform(this.engine.tick(now));
  }

  perform(effects: readonly IkeEffect[]): void {
    for (const effect of effects) {
      switch (effect.effect) {
        case 'send-ike': {
          const { local: source, peer: destination, message: payload } = effect;
          this.#internet.send(this, { source, destination, payload });
          break;
        }
        case 'send-keepalive':
          this.keepalives++;
          break;
        case 'install-sa':
          this.installed.set(effect.sa.inbound.spi, effect.sa);
          this.paths.push(effect.path);
          break;
        case 'use-sa':
          this.used.push(effect.inboundSpi);
          break;
        case 'path-gone':
          this.gone.push(effect.path);
          break;
        case 'remove-sa':
          this.installed.delete(effect.inboundSpi);
          break;
        case 'peer-moved':
          this.moves.push(effect);
          break;
        case 'fact':
          this.facts.push(effect.fact);
          break;
      }
    }
  }

  factsNamed<Name extends Fact['fact']>(name: Name): Extract<Fact, { fact: Name }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { fact: Name }> => fact.fact === name);
  }
}
