import type { Instant } from '../engine.ts';
import type { Fact } from '../fact.ts';
import { attribute } from './attribute.ts';
import type { Avp } from './avp.ts';
import type { ControlChannel } from './channel.ts';
import type { L2tpEffect, L2tpPeer } from './config.ts';
import { encodeControlPacket } from './header.ts';
import type { MessageName } from './message.ts';
import type { MessageWriter } from './message-writer.ts';
import { endedFact } from './result-code.ts';

/** Why a tunnel or a session ended. */
export interface End {
  readonly by: 'local' | 'peer' | 'timeout';
  readonly detail: string;
  /** What this end means for a tunnel or session that was not established yet; absent where it was wanted. */
  readonly failure?: 'no-answer' | 'refused';
}

type Sender = Pick<ControlChannel<unknown>, 'send' | 'transmit'>;

/** What one tunnel wants done: its effects so far, and its messages through the reliable channel. */
export class Outbox {
  /** The peer's id for the tunnel; 0 until it has told it. */
  peerTunnelId = 0;
  /** Where the last message came from: replies go there. */
  peer: L2tpPeer;
  readonly #channel: Sender;
  readonly #writer: MessageWriter;
  #effects: L2tpEffect[] = [];

  constructor(channel: Sender, writer: MessageWriter, peer: L2tpPeer) {
    this.#channel = channel;
    this.#writer = writer;
    this.peer = peer;
  }

  send(name: MessageName, sessionId: number, own: readonly Avp[]): void {
    this.#channel.send({ name, sessionId, body: this.#writer.body(name, own) });
    if (name === 'StopCCN' || name === 'CDN') {
      this.fact(endedFact('sent', name, attribute.resultCode.in(own)));
    }
  }

  effect(effect: L2tpEffect): void {
    this.#effects.push(effect);
  }

  fact(fact: Fact): void {
    this.#effects.push({ effect: 'fact', path: this.peer.path, fact });
  }

  /** Sends what the channel's window lets go. */
  transmit(now: Instant): void {
    for (const { name, sessionId, body, ns, nr, transmission } of this.#channel.transmit(now)) {
      const message = encodeControlPacket({ tunnelId: this.peerTunnelId, sessionId, ns, nr, body });
      this.effect({ effect: 'send-l2tp', peer: this.peer, message });
      this.fact({ fact: 'l2tp-message', direction: 'sent', message: name, transmission });
    }
  }

  /** The effects so far, then what the channel's window lets go. */
  flush(now: Instant): L2tpEffect[] {
    this.transmit(now);
    return this.drain();
  }

  drain(): L2tpEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
