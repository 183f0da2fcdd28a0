import type { Instant } from '../engine.ts';
import type { PppFailure } from '../fact.ts';
import { Automaton, type PacketSink } from './automaton.ts';
import type { PppConfig } from './config.ts';
import { PppProtocol } from './frame.ts';
import { IpcpClient, type IpcpOptions, type IpcpResult, IpcpServer } from './ipcp.ts';
import type { Packet } from './packet.ts';

/** What IPCP tells the link. */
export interface NetworkControlEvents {
  opened(result: IpcpResult): void;
  /** It does not come up. */
  failed(reason: PppFailure, detail: string, now: Instant): void;
}

/** IPCP (RFC 1332), on a link whose LCP is open and where both ends have authenticated as agreed. */
export class NetworkControl {
  readonly #config: PppConfig;
  readonly #events: NetworkControlEvents;
  readonly #sink: PacketSink;
  #automaton: Automaton | undefined;
  #options: IpcpOptions | undefined;

  constructor(config: PppConfig, events: NetworkControlEvents, sink: PacketSink) {
    this.#config = config;
    this.#events = events;
    this.#sink = sink;
  }

  /** Between `start` and `stop`. */
  get running(): boolean {
    return this.#automaton !== undefined;
  }

  get isOpen(): boolean {
    return this.#automaton?.opened ?? false;
  }

  get deadline(): Instant | undefined {
    return this.#automaton?.deadline;
  }

  /** @param user who authenticated; absent where nobody was asked to */
  start(user: string | undefined, now: Instant): void {
    const options = this.#optionsFor(user);
    if (options === undefined) {
      const whom = user === undefined ? '' : ` for ${JSON.stringify(user)}`;
      this.#events.failed('pool-exhausted', `no address is free${whom}`, now);
      return;
    }
    this.#options = options;
    const layer = {
      up: () => this.#events.opened(options.result()),
      down: () => {},
      finished: (at: Instant) => this.#events.failed('no-answer', 'the peer does not answer IPCP', at),
      disagreed: (at: Instant) => this.#events.failed('option-refused', 'IPCP does not converge', at),
    };
    this.#automaton = new Automaton(
      PppProtocol.ipcp,
      options,
      layer,
      this.#config.retransmission,
      this.#sink,
    );
    this.#automaton.open(now);
    this.#automaton.lowerUp(now);
  }

  /** LCP is not open any more. */
  stop(): void {
    this.#automaton = undefined;
  }

  receive(packet: Packet, now: Instant): void {
    this.#automaton?.receive(packet, now);
  }

  tick(now: Instant): void {
    this.#automaton?.tick(now);
  }

  /** The server draws the client's address once per link, whatever is renegotiated. */
  #optionsFor(user: string | undefined): IpcpOptions | undefined {
    if (this.#config.role === 'client') return new IpcpClient(this.#config.requestsDns);
    if (this.#options !== undefined) return this.#options;
    const peerAddress = this.#config.allocate(user ?? '');
    if (peerAddress === undefined) return undefined;
    return new IpcpServer(this.#config.localAddress, peerAddress, this.#config.dns);
  }
}
