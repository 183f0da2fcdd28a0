import { earliest } from '../deadline.ts';
import type { Instant, RandomSource } from '../engine.ts';
import { utf8 } from '../octets.ts';
import { Automaton, type LayerEvents, type PacketSink } from './automaton.ts';
import { CcpOptions } from './ccp.ts';
import type { PppConfig } from './config.ts';
import { PppProtocol } from './frame.ts';
import { IpcpClient, type IpcpOptions, type IpcpResult, IpcpServer } from './ipcp.ts';
import { Ipv6cpOptions, type Ipv6cpResult } from './ipv6cp.ts';
import type { LinkEnd } from './link-end.ts';
import type { NegotiatedOptions } from './negotiation.ts';
import type { Packet } from './packet.ts';

/** What the network phase tells the link. */
export interface NetworkEvents {
  ipcpOpened(result: IpcpResult, now: Instant): void;
  ipv6cpOpened(result: Ipv6cpResult): void;
  /** IPCP does not come up: without IP the link is of no use. */
  failed(end: Omit<LinkEnd, 'layer'>, now: Instant): void;
}

/**
 * The network control protocols of a link whose LCP is open and where both ends have authenticated as agreed
 * (RFC 1661 3.6): IPCP, and where the configuration has them IPV6CP and CCP. Each ends for itself; only the end of
 * IPCP is the end of the link.
 */
export class NetworkPhase {
  readonly #config: PppConfig;
  readonly #random: RandomSource;
  readonly #events: NetworkEvents;
  readonly #sink: PacketSink;
  /** Data of CCP's Terminate-Request. */
  readonly #refusedData: () => Uint8Array;
  /** In the order in which Windows starts them (the field facts; IPV6CP before IPCP in logs of later Windows). */
  readonly #automata = new Map<number, Automaton>();
  #ipcp: IpcpOptions | undefined;

  constructor(
    config: PppConfig,
    random: RandomSource,
    events: NetworkEvents,
    sink: PacketSink,
    refusedData: () => Uint8Array,
  ) {
    this.#config = config;
    this.#random = random;
    this.#events = events;
    this.#sink = sink;
    this.#refusedData = refusedData;
  }

  /** Whether this protocol is spoken now; others are rejected. */
  speaks(protocol: number): boolean {
    return this.#automata.has(protocol);
  }

  isOpen(protocol: number): boolean {
    return this.#automata.get(protocol)?.opened ?? false;
  }

  get deadline(): Instant | undefined {
    return earliest([...this.#automata.values()].map((automaton) => automaton.deadline));
  }

  /** @param user who authenticated; absent where nobody was asked to */
  start(user: string | undefined, now: Instant): void {
    this.stop();
    const ipcp = this.#ipcpFor(user);
    if (ipcp === undefined) {
      const whom = user === undefined ? '' : ` for ${JSON.stringify(user)}`;
      const detail = `no address is free${whom}`;
      this.#events.failed({ reason: 'pool-exhausted', by: 'local', detail }, now);
      return;
    }
    this.#ipcp = ipcp;
    if (this.#config.ipv6cp) this.#addIpv6cp();
    this.#addCcp();
    this.#addIpcp(ipcp);
    for (const automaton of this.#automata.values()) {
      automaton.open(now);
      automaton.lowerUp(now);
    }
  }

  /** LCP is not open any more. */
  stop(): void {
    this.#automata.clear();
  }

  receive(protocol: number, packet: Packet, now: Instant): void {
    this.#automata.get(protocol)?.receive(packet, now);
  }

  /** The peer does not speak it (RFC 1661 5.7): no packet of it is sent any more. */
  rejected(protocol: number, now: Instant): void {
    const automaton = this.#automata.get(protocol);
    if (automaton === undefined) return;
    this.#automata.delete(protocol);
    if (protocol !== PppProtocol.ipcp) return;
    this.#events.failed({ reason: 'option-refused', by: 'peer', detail: 'the peer rejects IPCP' }, now);
  }

  tick(now: Instant): void {
    for (const automaton of [...this.#automata.values()]) automaton.tick(now);
  }

  #addIpcp(options: IpcpOptions): void {
    const refused = (detail: string, at: Instant) => {
      const why = options.refusal ?? { reason: 'option-refused', detail };
      this.#events.failed({ by: 'local', ...why }, at);
    };
    this.#add(PppProtocol.ipcp, options, {
      up: (at) => {
        if (options.refusal === undefined) this.#events.ipcpOpened(options.result(), at);
        else refused('', at);
      },
      down: () => {},
      finished: (at) => {
        const detail = 'the peer does not answer IPCP';
        this.#events.failed({ reason: 'no-answer', by: 'timeout', detail }, at);
      },
      disagreed: (at) => refused('IPCP does not converge', at),
    });
  }

  #addIpv6cp(): void {
    const options = new Ipv6cpOptions(this.#random);
    const give = (at: Instant) => automaton.close(utf8('no interface identifiers'), at);
    const automaton = this.#add(PppProtocol.ipv6cp, options, {
      up: () => this.#events.ipv6cpOpened(options.result()),
      down: () => {},
      finished: () => {},
      disagreed: give,
    });
  }

  /** Nothing here compresses: CCP ends as soon as it is seen what came of it. */
  #addCcp(): void {
    const { role } = this.#config;
    const asks = role === 'client' && this.#config.ccp !== undefined;
    if (!asks && !(role === 'server' && this.#config.rejectsCcpOptions)) return;
    const options = new CcpOptions(role === 'client' ? this.#config.ccp?.supportedBits : undefined);
    const giveUp = (at: Instant) => automaton.close(this.#refusedData(), at);
    const automaton = this.#add(PppProtocol.ccp, options, {
      up: giveUp,
      down: () => {},
      finished: () => {},
      disagreed: giveUp,
    });
  }

  #add(protocol: number, options: NegotiatedOptions, layer: LayerEvents): Automaton {
    const automaton = new Automaton(protocol, options, layer, this.#config, this.#sink);
    this.#automata.set(protocol, automaton);
    return automaton;
  }

  /** The server draws the client's address once per link, whatever is renegotiated. */
  #ipcpFor(user: string | undefined): IpcpOptions | undefined {
    if (this.#config.role === 'client') return new IpcpClient(this.#config);
    if (this.#ipcp !== undefined) return this.#ipcp;
    const peerAddress = this.#config.allocate(user ?? '');
    return peerAddress === undefined ? undefined : new IpcpServer(this.#config, peerAddress);
  }
}
