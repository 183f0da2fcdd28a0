import type { RandomSource } from '../engine.ts';
import type { ResultCode } from './attribute-format.ts';
import type { Calls } from './calls.ts';
import type { L2tpConfig } from './config.ts';
import type { ControlLink } from './control-link.ts';
import { Handshake } from './handshake.ts';
import type { ControlMessage } from './message.ts';
import type { TunnelState } from './tunnel-life.ts';

/** What a message of the handshake came to; a result code says why it is not acceptable. */
export type OpeningStep = 'answered' | 'established' | 'out-of-turn' | ResultCode;

/** How a control connection comes about: the first rows of the table of RFC 2661 7.2.1. */
export class Opening {
  readonly #handshake: Handshake;
  readonly #link: ControlLink;
  readonly #calls: Calls;
  #peerHostName = '';

  constructor(config: L2tpConfig, localId: number, random: RandomSource, link: ControlLink, calls: Calls) {
    this.#handshake = new Handshake(config, localId, random);
    this.#link = link;
    this.#calls = calls;
  }

  /** What this end's SCCRQ says for the case that the peer's crosses it (RFC 2661 4.4.3). */
  get tieBreaker(): Uint8Array | undefined {
    return this.#handshake.tieBreaker;
  }

  /** Empty until the peer has told it. */
  get peerHostName(): string {
    return this.#peerHostName;
  }

  /** Asks for the tunnel. */
  request(): void {
    this.#link.send('SCCRQ', 0, this.#handshake.request());
  }

  /** Takes SCCRQ, SCCRP or SCCCN, and answers where that goes on. */
  receive(state: TunnelState, message: ControlMessage): OpeningStep {
    if (state === 'wait-ctl-conn' && message.name === 'SCCRQ' && this.#link.peerTunnelId === 0) {
      this.#meet(message);
      this.#link.send('SCCRP', 0, this.#handshake.reply());
      return 'answered';
    }
    if (state === 'wait-ctl-conn' && message.name === 'SCCCN') {
      return this.#handshake.objectionToConnected(message) ?? 'established';
    }
    if (state === 'wait-ctl-reply' && message.name === 'SCCRP') {
      this.#meet(message);
      const code = this.#handshake.objectionToReply(message);
      if (code !== undefined) return code;
      this.#link.send('SCCCN', 0, this.#handshake.connected());
      return 'established';
    }
    return 'out-of-turn';
  }

  #meet(message: ControlMessage): void {
    const offer = this.#handshake.meet(message);
    this.#link.meet(offer.assignedTunnelId, offer.receiveWindowSize);
    this.#peerHostName = offer.hostName;
    this.#calls.peerFraming = offer.framingCapabilities;
  }
}
