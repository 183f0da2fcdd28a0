import { earliest } from '../deadline.ts';
import type { Instant } from '../engine.ts';
import { dropped } from '../fact.ts';
import { wholeInterval } from '../retransmission.ts';
import { attribute, type ResultCode } from './attribute.ts';
import { startAvps, stopAvps } from './avp-lists.ts';
import { Calls, type IdPicker } from './calls.ts';
import { ControlChannel } from './channel.ts';
import type { L2tpConfig, L2tpEffect, L2tpPeer } from './config.ts';
import type { ControlPacket, DataPacket } from './header.ts';
import { type ControlMessage, ErrorCode } from './message.ts';
import { type End, Outbox } from './outbox.ts';
import { resultText, StopResult } from './result-code.ts';
import { objectionToStart, startOffer } from './start.ts';

type TunnelState = 'wait-ctl-reply' | 'wait-ctl-conn' | 'established' | 'closing' | 'lingering' | 'gone';

/** Messages that may wait for a peer which asks much and acknowledges nothing. */
const maximumBacklog = 64;

const refused = (detail: string): End => ({ by: 'local', detail, failure: 'refused' });
const noAnswer = (detail: string): End => ({ by: 'timeout', detail, failure: 'no-answer' });

/**
 * One control connection and its sessions (RFC 2661 7.2). After its end it lingers for the full
 * retransmission interval, to acknowledge what the peer repeats (RFC 2661 5.8, 7.6); then it is gone.
 */
export class Tunnel {
  readonly localId: number;
  readonly #config: L2tpConfig;
  readonly #interval: number;
  #state: TunnelState;
  readonly #channel: ControlChannel<{ packet: ControlPacket; message: ControlMessage }>;
  readonly #outbox: Outbox;
  readonly #calls: Calls;
  #lastHeard: Instant;
  /** When a tunnel that is not established, has no session or lingers is given up. */
  #patienceUntil: Instant | undefined;
  #peerHostName = '';
  #wasEstablished = false;
  #end: End | undefined;

  constructor(config: L2tpConfig, localId: number, peer: L2tpPeer, pickId: IdPicker, now: Instant) {
    this.#config = config;
    this.#interval = wholeInterval(config.retransmission);
    this.localId = localId;
    this.#state = config.role === 'lac' ? 'wait-ctl-reply' : 'wait-ctl-conn';
    this.#channel = new ControlChannel(config.retransmission, config.receiveWindowSize);
    this.#outbox = new Outbox(this.#channel, peer);
    this.#calls = new Calls(config, localId, pickId, this.#outbox);
    this.#lastHeard = now;
    this.#patienceUntil = now + 2 * this.#interval;
  }

  get peer(): L2tpPeer {
    return this.#outbox.peer;
  }

  /** The peer's id for this tunnel; 0 until it has told it. */
  get peerId(): number {
    return this.#outbox.peerTunnelId;
  }

  /** Counts as a tunnel: neither ended nor lingering. */
  get live(): boolean {
    return this.#state !== 'lingering' && this.#state !== 'gone';
  }

  get gone(): boolean {
    return this.#state === 'gone';
  }

  get sessionCount(): number {
    return this.#calls.establishedCount;
  }

  /** LAC: asks for the tunnel; its one session follows by itself. */
  open(now: Instant): L2tpEffect[] {
    this.#outbox.send('SCCRQ', 0, startAvps(this.#config, this.localId));
    return this.#outbox.flush(now);
  }

  /** Takes a control message for this tunnel; `message` is absent for a ZLB. */
  receiveControl(
    packet: ControlPacket,
    message: ControlMessage | undefined,
    peer: L2tpPeer,
    now: Instant,
  ): L2tpEffect[] {
    this.#lastHeard = now;
    this.#outbox.peer = peer;
    this.#channel.acknowledge(packet.nr, now);
    if (message === undefined) {
      this.#received('ZLB', 1);
    } else {
      const { ready, duplicate } = this.#channel.accept(packet.ns, { packet, message });
      this.#received(message.name ?? `type ${message.type}`, duplicate ? 2 : 1);
      for (const next of ready) this.#handle(next.packet, next.message, now);
    }
    if (this.#channel.backlog > maximumBacklog) {
      return this.drop(noAnswer(`${maximumBacklog} messages wait for an acknowledgement`));
    }
    if (this.#state === 'closing' && this.#channel.quiet) this.#finish(now);
    return this.#outbox.flush(now);
  }

  receiveData(packet: DataPacket, peer: L2tpPeer, now: Instant): L2tpEffect[] {
    const session = this.#state === 'established' ? this.#calls.established(packet.sessionId) : undefined;
    if (session === undefined) {
      return dropped('unexpected', `data for session ${packet.sessionId} of tunnel ${this.localId}`);
    }
    this.#lastHeard = now;
    this.#outbox.peer = peer;
    session.heardData(packet.ns !== undefined, this.#config.role);
    return [{ effect: 'receive-ppp', session: this.#calls.key(session), frame: packet.body }];
  }

  sendPpp(sessionId: number, frame: Uint8Array): L2tpEffect[] {
    const session = this.#state === 'established' ? this.#calls.established(sessionId) : undefined;
    if (session === undefined) return [];
    return [{ effect: 'send-l2tp', peer: this.peer, message: session.wrap(this.peerId, frame) }];
  }

  closeSession(sessionId: number, detail: string, now: Instant): L2tpEffect[] {
    if (this.#state !== 'established') return [];
    this.#callEnded(this.#calls.close(sessionId, detail), now);
    return this.#outbox.flush(now);
  }

  /** CDN for every session, then StopCCN; the tunnel is down when that is acknowledged. */
  close(detail: string, now: Instant): L2tpEffect[] {
    if (!this.live || this.#state === 'closing') return [];
    // A peer that never answered would not acknowledge a StopCCN either; a late SCCRP gets one (RFC 2661 7.2.1, idle).
    if (this.#state === 'wait-ctl-reply') return this.drop({ by: 'local', detail });
    this.#calls.closeAll(detail);
    this.#stop({ result: StopResult.generalRequest }, { by: 'local', detail });
    return this.#outbox.flush(now);
  }

  /** Ends without a word to the peer. */
  drop(end: End): L2tpEffect[] {
    if (this.live) this.#down(end);
    this.#channel.abandon();
    this.#state = 'gone';
    this.#patienceUntil = undefined;
    return this.#outbox.drain();
  }

  deadline(): Instant | undefined {
    return earliest([this.#patienceUntil, this.#channel.deadline, this.#helloAt(), this.#calls.deadline()]);
  }

  tick(now: Instant): L2tpEffect[] {
    this.#channel.tick(now);
    if (this.#channel.lost) return this.drop(noAnswer('the peer stopped acknowledging'));
    if (this.#patienceUntil !== undefined && now >= this.#patienceUntil) this.#losePatience();
    this.#callEnded(this.#calls.tick(now), now);
    const helloAt = this.#helloAt();
    if (helloAt !== undefined && now >= helloAt) this.#outbox.send('HELLO', 0, []);
    return this.#outbox.flush(now);
  }

  #losePatience(): void {
    this.#patienceUntil = undefined;
    if (this.#state === 'lingering') {
      this.#state = 'gone';
      return;
    }
    const what = this.#state === 'established' ? 'stayed without a session' : 'was never established';
    this.#stop({ result: StopResult.generalRequest }, noAnswer(`the tunnel ${what}`));
  }

  /** RFC 2661 6.5: a HELLO when nothing came from the peer for a while and nothing waits for it anyway. */
  #helloAt(): Instant | undefined {
    if (this.#state !== 'established' || this.#config.helloSeconds === 0) return undefined;
    return this.#channel.quiet ? this.#lastHeard + this.#config.helloSeconds * 1000 : undefined;
  }

  #handle(packet: ControlPacket, message: ControlMessage, now: Instant): void {
    if (!this.live) return;
    if (message.name === 'StopCCN') {
      // Its Assigned Tunnel ID is not compared: some clients put a wrong one there (the field facts).
      const detail = resultText('StopCCN', attribute.resultCode.in(message.avps));
      this.#end ??= { by: 'peer', detail, failure: 'refused' };
      this.#finish(now);
      return;
    }
    if (this.#state === 'closing') return;
    switch (message.name) {
      case 'SCCRQ':
      case 'SCCRP':
      case 'SCCCN':
        this.#startMessage(message, now);
        return;
      case 'HELLO':
        if (message.objection) this.#refuse(message.objection.errorCode, message.objection.detail);
        return;
      case undefined:
        // RFC 2661 4.4.1: an unknown message is ignored unless its Message Type AVP is mandatory.
        if (message.mandatory) this.#refuse(ErrorCode.badValue, `unknown control message ${message.type}`);
        return;
      default:
        if (this.#state !== 'established') this.#stateMachineError(message);
        else this.#callEnded(this.#calls.receive(packet, message, now), now);
        if (!this.#calls.none) this.#patienceUntil = undefined;
    }
  }

  /** The table of RFC 2661 7.2.1. */
  #startMessage(message: ControlMessage, now: Instant): void {
    if (this.#state === 'wait-ctl-conn' && message.name === 'SCCRQ' && this.peerId === 0) {
      this.#meet(message);
      this.#outbox.send('SCCRP', 0, startAvps(this.#config, this.localId));
    } else if (this.#state === 'wait-ctl-conn' && message.name === 'SCCCN') {
      if (message.objection) this.#refuse(message.objection.errorCode, message.objection.detail);
      else this.#established(now);
    } else if (this.#state === 'wait-ctl-reply' && message.name === 'SCCRP') {
      this.#replied(message, now);
    } else {
      this.#stateMachineError(message);
    }
  }

  #replied(message: ControlMessage, now: Instant): void {
    this.#meet(message);
    const code = objectionToStart(message);
    if (code !== undefined) {
      this.#stop(code, refused(`SCCRP not acceptable: ${resultText('StopCCN', code)}`));
      return;
    }
    this.#outbox.send('SCCCN', 0, []);
    this.#established(now);
    this.#calls.request(now);
    this.#patienceUntil = undefined;
  }

  #meet(message: ControlMessage): void {
    const offer = startOffer(message);
    this.#outbox.peerTunnelId = offer.assignedTunnelId;
    this.#peerHostName = offer.hostName;
    this.#channel.setPeerWindow(offer.receiveWindowSize);
  }

  #established(now: Instant): void {
    this.#state = 'established';
    this.#wasEstablished = true;
    this.#patienceUntil = now + this.#interval;
    this.#outbox.fact({
      fact: 'l2tp-tunnel-established',
      localTunnelId: this.localId,
      peerTunnelId: this.peerId,
      peerHostName: this.#peerHostName,
    });
  }

  /** A LAC clears its tunnel after the last session (RFC 2661 7.6); an LNS waits for the peer to do so. */
  #callEnded(end: End | undefined, now: Instant): void {
    if (end === undefined || !this.#calls.none) return;
    if (this.#config.role === 'lac') this.#stop({ result: StopResult.generalRequest }, end);
    else this.#patienceUntil = now + this.#interval;
  }

  #refuse(error: number, detail: string): void {
    this.#stop({ result: StopResult.generalError, error, message: detail }, refused(detail));
  }

  #stateMachineError(message: ControlMessage): void {
    this.#stop({ result: StopResult.stateMachineError }, refused(`${message.name} in state ${this.#state}`));
  }

  /** Sends StopCCN. The tunnel is down when that is acknowledged, or when the peer stops answering. */
  #stop(code: ResultCode, end: End): void {
    this.#end = end;
    this.#calls.dropAll(end);
    this.#outbox.send('StopCCN', 0, stopAvps(this.localId, code));
    this.#state = 'closing';
    this.#patienceUntil = undefined;
  }

  #finish(now: Instant): void {
    this.#down({ by: 'local', detail: 'closed' });
    this.#channel.abandon();
    this.#state = 'lingering';
    this.#patienceUntil = now + this.#interval;
  }

  #down(fallback: End): void {
    const end = this.#end ?? fallback;
    this.#calls.dropAll(end);
    if (this.#wasEstablished || end.failure === undefined) {
      this.#outbox.fact({ fact: 'closed', layer: 'l2tp', by: end.by, detail: end.detail });
    } else {
      this.#outbox.fact({ fact: 'l2tp-failed', reason: end.failure, detail: end.detail });
    }
    this.#outbox.effect({ effect: 'tunnel-down', peer: this.peer, detail: end.detail });
  }

  #received(message: string, transmission: number): void {
    this.#outbox.fact({ fact: 'l2tp-message', direction: 'received', message, transmission });
  }
}
