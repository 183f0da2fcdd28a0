import { type Fact, told } from '../fact.ts';
import type { PacketSink } from './automaton.ts';
import type { PppConfig, PppEffect } from './config.ts';
import { encodeFrame, type HeaderCompression } from './frame.ts';
import type { LinkControl } from './link-control.ts';

/** What a link wants done, collected until its engine returns: frames, facts and other effects in their order. */
export class LinkOutput implements PacketSink {
  readonly #config: PppConfig;
  readonly #lcp: () => LinkControl;
  #identifier: number;
  #effects: PppEffect[] = [];

  /** @param lcp what the peer takes is agreed on there */
  constructor(config: PppConfig, lcp: () => LinkControl) {
    this.#config = config;
    this.#lcp = lcp;
    this.#identifier = config.firstIdentifier ?? 1;
  }

  get peerMru(): number {
    return this.#lcp().options.mru;
  }

  nextIdentifier(): number {
    const identifier = this.#identifier;
    this.#identifier = (identifier + 1) & 0xff;
    return identifier;
  }

  send(protocol: number, packet: Uint8Array): void {
    this.push({ effect: 'send-ppp', frame: encodeFrame(protocol, packet, this.#compression()) });
  }

  fact(fact: Fact): void {
    this.#effects.push(...told(fact));
  }

  push(effect: PppEffect): void {
    this.#effects.push(effect);
  }

  drain(): PppEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #compression(): HeaderCompression | undefined {
    const lcp = this.#lcp();
    if (!this.#config.compressesHeaders || !lcp.isOpen) return undefined;
    const { compressesProtocol, compressesAddressAndControl } = lcp.options;
    return { protocol: compressesProtocol, addressAndControl: compressesAddressAndControl };
  }
}
