import type { Instant, RandomSource } from '../engine.ts';
import type { AuthenticationEnd, AuthenticationStep, Unauthenticated } from './authentication-end.ts';
import type { PacketSink } from './automaton.ts';
import { ChapAuthenticator } from './chap-authenticator.ts';
import { ChapPeer } from './chap-peer.ts';
import type { PppAuthentication, PppConfig } from './config.ts';
import type { Packet } from './packet.ts';
import { PapAuthenticator, PapPeer } from './pap.ts';

/** What the authentication phase tells the link. */
export interface AuthenticationEvents {
  /** Again for each challenge on a link that is up. */
  authenticated(user: string, now: Instant): void;
  failed(outcome: Unauthenticated, now: Instant): void;
}

/** The authentication phase of a link (RFC 1661 3.5): whichever end of PAP or CHAP LCP agreed on. */
export class AuthenticationPhase {
  readonly #config: PppConfig;
  readonly #random: RandomSource;
  readonly #events: AuthenticationEvents;
  readonly #sink: PacketSink;
  #end: AuthenticationEnd | undefined;

  constructor(config: PppConfig, random: RandomSource, events: AuthenticationEvents, sink: PacketSink) {
    this.#config = config;
    this.#random = random;
    this.#events = events;
    this.#sink = sink;
  }

  get deadline(): Instant | undefined {
    return this.#end?.deadline;
  }

  /** The protocol that is spoken; absent where nobody authenticates. */
  get protocol(): number | undefined {
    return this.#end?.protocol;
  }

  /** What an attempt was refused for whose peer may still make another one. */
  get standingRefusal(): Unauthenticated | undefined {
    return this.#end?.standingRefusal;
  }

  /** @param agreed what the server demands of the client */
  start(agreed: PppAuthentication, now: Instant): void {
    this.#end = this.#endFor(agreed);
    this.#take(this.#end.start(now), now);
  }

  stop(): void {
    this.#end = undefined;
  }

  /** Packets of the protocol that is not spoken are discarded (RFC 1661 3.5). */
  receive(protocol: number, packet: Packet, now: Instant): void {
    if (this.#end?.protocol === protocol) this.#take(this.#end.receive(packet, now), now);
  }

  tick(now: Instant): void {
    if (this.#end !== undefined) this.#take(this.#end.tick(now), now);
  }

  #endFor(agreed: PppAuthentication): AuthenticationEnd {
    const nextIdentifier = () => this.#sink.nextIdentifier();
    if (this.#config.role === 'server') {
      if (agreed === 'pap') return new PapAuthenticator(this.#config);
      return new ChapAuthenticator(this.#config, agreed, nextIdentifier, this.#random);
    }
    if (agreed === 'pap') return new PapPeer(this.#config, nextIdentifier);
    return new ChapPeer(this.#config, agreed, this.#random);
  }

  #take({ packet, outcome }: AuthenticationStep, now: Instant): void {
    if (packet !== undefined && this.#end !== undefined) this.#sink.send(this.#end.protocol, packet);
    if (outcome === undefined) return;
    if (outcome.authenticated) this.#events.authenticated(outcome.user, now);
    else this.#events.failed(outcome, now);
  }
}
