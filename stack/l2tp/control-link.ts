import { sooner } from '../deadline.ts';
import type { Instant } from '../engine.ts';
import type { Fact } from '../fact.ts';
import type { RetransmissionTiming } from '../retransmission.ts';
import { attribute } from './attribute.ts';
import type { Avp } from './avp.ts';
import { ControlChannel } from './channel.ts';
import type { L2tpConfig, L2tpEffect, L2tpPeer } from './config.ts';
import { type ControlPacket, encodeControlPacket } from './header.ts';
import type { ControlMessage, MessageName } from './message.ts';
import type { MessageWriter } from './message-writer.ts';
import { endedFact } from './result-code.ts';

/** Messages that may wait for a peer which asks much and acknowledges nothing. */
export const maximumBacklog = 64;

/** Why a tunnel or a session ended. */
export interface End {
  readonly by: 'local' | 'peer' | 'timeout';
  readonly detail: string;
  /** What this end means for a tunnel or session that was not established yet; absent where it was wanted. */
  readonly failure?: 'no-answer' | 'refused';
}

/** A control message and the header it came with. */
export interface Arrived {
  readonly packet: ControlPacket;
  readonly message: ControlMessage;
}

/** One tunnel's way to its peer: messages through the reliable channel, signs of life, and what it wants done. */
export class ControlLink {
  /** The peer's id for the tunnel; 0 until it has told it. */
  peerTunnelId = 0;
  #peer: L2tpPeer;
  readonly #config: L2tpConfig;
  readonly #writer: MessageWriter;
  readonly #channel: ControlChannel<Arrived>;
  #lastHeard: Instant;
  #effects: L2tpEffect[] = [];

  constructor(
    config: L2tpConfig,
    writer: MessageWriter,
    timing: RetransmissionTiming,
    peer: L2tpPeer,
    now: Instant,
  ) {
    this.#config = config;
    this.#writer = writer;
    this.#channel = new ControlChannel(timing, config.receiveWindowSize);
    this.#peer = peer;
    this.#lastHeard = now;
  }

  /** Where the last message came from: replies go there. */
  get peer(): L2tpPeer {
    return this.#peer;
  }

  /** Nothing waits for an acknowledgement. */
  get quiet(): boolean {
    return this.#channel.quiet;
  }

  /** Messages that wait for an acknowledgement, and such as came before their turn. */
  get load(): { readonly unacknowledged: number; readonly early: number } {
    return { unacknowledged: this.#channel.backlog, early: this.#channel.early };
  }

  /** Notes a sign of life, and where it came from. */
  heard(peer: L2tpPeer, now: Instant): void {
    this.#lastHeard = now;
    this.#peer = peer;
  }

  /** Takes a control message, `undefined` for a ZLB; gives those whose turn has come. */
  receive(
    packet: ControlPacket,
    message: ControlMessage | undefined,
    peer: L2tpPeer,
    now: Instant,
  ): readonly Arrived[] {
    this.heard(peer, now);
    this.#channel.acknowledge(packet.nr, now);
    if (message === undefined) {
      this.#received('ZLB', 1);
      return [];
    }
    const name = message.name ?? `type ${message.type}`;
    const taken = this.#channel.accept(packet.ns, { packet, message }, packet.body.length);
    if (taken.beyond) {
      const detail = `${name} with Ns ${packet.ns} lies beyond the receive window`;
      this.fact({ fact: 'packet-dropped', reason: 'unexpected', detail });
    } else this.#received(name, taken.duplicate ? 2 : 1);
    return taken.ready;
  }

  /** The peer's first answer: from now on it is waited for as for everything else. */
  meet(peerTunnelId: number, receiveWindowSize: number): void {
    this.peerTunnelId = peerTunnelId;
    this.#channel.meet(receiveWindowSize, this.#config.retransmission);
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
    this.#effects.push({ effect: 'fact', path: this.#peer.path, fact });
  }

  /** Sends what the channel's window lets go. */
  transmit(now: Instant): void {
    for (const { name, sessionId, body, ns, nr, transmission } of this.#channel.transmit(now)) {
      const message = encodeControlPacket({ tunnelId: this.peerTunnelId, sessionId, ns, nr, body });
      this.effect({ effect: 'send-l2tp', peer: this.#peer, message });
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

  /** Forgets what was not acknowledged. */
  abandon(): void {
    this.#channel.abandon();
  }

  /** @param keptAlive the tunnel is established, and silence is filled with HELLO */
  deadline(keptAlive: boolean): Instant | undefined {
    return sooner(this.#channel.deadline, keptAlive ? this.#helloAt() : undefined);
  }

  /** Repeats what was not acknowledged and asks for signs of life; gives whether the peer is there still. */
  tick(keptAlive: boolean, now: Instant): 'there' | 'lost' {
    this.#channel.tick(now);
    if (this.#channel.lost) {
      if (!this.#hearsData()) return 'lost';
      this.#channel.persist();
    }
    const helloAt = keptAlive ? this.#helloAt() : undefined;
    if (helloAt !== undefined && now >= helloAt) this.send('HELLO', 0, []);
    return 'there';
  }

  /** RFC 2661 6.5: a HELLO when nothing came from the peer for a while and nothing waits for it anyway. */
  #helloAt(): Instant | undefined {
    const { helloSeconds } = this.#config;
    return helloSeconds > 0 && this.quiet ? this.#lastHeard + helloSeconds * 1000 : undefined;
  }

  /** The peer leaves a HELLO without acknowledgement, yet is there: something came since that was first sent. */
  #hearsData(): boolean {
    const { oldest } = this.#channel;
    if (!this.#config.toleratesUnansweredHello || oldest?.name !== 'HELLO') return false;
    return oldest.since !== undefined && this.#lastHeard > oldest.since;
  }

  #received(message: string, transmission: number): void {
    this.fact({ fact: 'l2tp-message', direction: 'received', message, transmission });
  }
}
