import { sooner } from '../deadline.ts';
import type { Instant } from '../engine.ts';
import { dropped } from '../fact.ts';
import { wholeInterval } from '../retransmission.ts';
import { attribute } from './attribute.ts';
import type { ResultCode } from './attribute-format.ts';
import { stopAvps } from './avp-lists.ts';
import { Calls } from './calls.ts';
import type { L2tpConfig, L2tpEffect, L2tpPeer } from './config.ts';
import { ControlLink, type End, maximumBacklog } from './control-link.ts';
import type { ControlPacket, DataPacket } from './header.ts';
import { type ControlMessage, type Objection, unknownMessage } from './message.ts';
import { Opening, type OpeningStep } from './opening.ts';
import { endedFact, resultText, StopResult } from './result-code.ts';
import type { TunnelBirth } from './tunnel-birth.ts';
import { noAnswer, refused, TunnelEnd } from './tunnel-end.ts';
import { TunnelLife } from './tunnel-life.ts';

/**
 * One control connection and its sessions (RFC 2661 7.2). After its end it lingers for the full
 * retransmission interval, to acknowledge what the peer repeats (RFC 2661 5.8, 7.6); then it is gone.
 */
export class Tunnel {
  readonly localId: number;
  readonly originator: 'local' | 'peer';
  readonly #config: L2tpConfig;
  readonly #life: TunnelLife;
  readonly #link: ControlLink;
  readonly #calls: Calls;
  readonly #opening: Opening;
  /** LAC: one call follows as soon as the tunnel is there. */
  #wantsCall = false;
  readonly #end = new TunnelEnd();

  constructor({ config, writer, random, pickSessionId, localId, originator, peer, now }: TunnelBirth) {
    const { retransmission, startRetransmission = retransmission } = config;
    const first = originator === 'local' ? startRetransmission : retransmission;
    this.#config = config;
    const interval = wholeInterval(retransmission);
    const patience = interval + Math.max(interval, wholeInterval(first));
    this.localId = localId;
    this.originator = originator;
    this.#life = new TunnelLife(originator, interval, patience, now);
    this.#link = new ControlLink(config, writer, first, peer, now);
    this.#calls = new Calls(config, localId, pickSessionId, this.#link);
    this.#opening = new Opening(config, localId, random, this.#link, this.#calls);
  }

  get peer(): L2tpPeer {
    return this.#link.peer;
  }

  /** The peer's id for this tunnel; 0 until it has told it. */
  get peerId(): number {
    return this.#link.peerTunnelId;
  }

  /** Counts as a tunnel: neither ended nor lingering. */
  get live(): boolean {
    return this.#life.isLive;
  }

  get gone(): boolean {
    return this.#life.state === 'gone';
  }

  get sessionCount(): number {
    return this.#calls.establishedCount;
  }

  /** Asked for and not answered yet. */
  get outstanding(): boolean {
    return this.#life.state === 'wait-ctl-reply';
  }

  /** What this end's SCCRQ says for the case that the peer's crosses it (RFC 2661 4.4.3). */
  get tieBreaker(): Uint8Array | undefined {
    return this.#opening.tieBreaker;
  }

  /** A call has been asked of this tunnel and is not there yet. */
  get wantsCall(): boolean {
    return this.#wantsCall;
  }

  /** What it holds in memory. */
  get load(): { readonly sessions: number; readonly unacknowledged: number; readonly early: number } {
    return { sessions: this.#calls.count, ...this.#link.load };
  }

  /** Asks for the tunnel. */
  open(now: Instant): L2tpEffect[] {
    this.#opening.request();
    return this.#link.flush(now);
  }

  /** LAC: asks for a session, now or as soon as the tunnel is there. */
  call(now: Instant): L2tpEffect[] {
    this.#wantsCall = true;
    if (this.#life.state === 'established') this.#request(now);
    return this.#link.flush(now);
  }

  /** Ends a tunnel that lost its tie: silently, and nobody is told (RFC 2661 4.4.3). */
  discard(): void {
    this.#link.abandon();
    this.#life.ends();
  }

  /** Takes a control message for this tunnel; `message` is absent for a ZLB. */
  receiveControl(
    packet: ControlPacket,
    message: ControlMessage | undefined,
    peer: L2tpPeer,
    now: Instant,
  ): L2tpEffect[] {
    for (const next of this.#link.receive(packet, message, peer, now)) {
      this.#handle(next.packet, next.message, now);
    }
    if (this.#link.load.unacknowledged > maximumBacklog) {
      return this.drop(noAnswer(`${maximumBacklog} messages wait for an acknowledgement`));
    }
    if (this.#life.state === 'closing' && this.#link.quiet) this.#finish(now);
    return this.#link.flush(now);
  }

  receiveData(packet: DataPacket, peer: L2tpPeer, now: Instant): L2tpEffect[] {
    if (this.data === undefined) return dropped('unexpected', `data for tunnel ${this.localId}`);
    this.#link.heard(peer, now);
    return this.data.receiveData(packet, now);
  }

  /** Where PPP frames go; `undefined` while the tunnel is not established. */
  get data(): Pick<Calls, 'receiveData' | 'wrap' | 'sequence'> | undefined {
    return this.#life.state === 'established' ? this.#calls : undefined;
  }

  /** A last session goes as `teardown` says. */
  closeSession(sessionId: number, detail: string, now: Instant): L2tpEffect[] {
    if (this.#life.state !== 'established') return [];
    const { teardown } = this.#config;
    const silently = teardown !== undefined && this.#calls.count === 1;
    const end = this.#calls.close(sessionId, detail, silently);
    if (end !== undefined && silently) this.#close(end);
    else this.#callEnded(end, now);
    return this.#link.flush(now);
  }

  /** What `teardown` says: CDN for every session, then StopCCN; the tunnel is down when that is acknowledged. */
  close(detail: string, now: Instant): L2tpEffect[] {
    if (!this.live || this.#life.state === 'closing') return [];
    // A peer that never answered would not acknowledge a StopCCN either; a late SCCRP gets one (RFC 2661 7.2.1, idle).
    if (this.#life.state === 'wait-ctl-reply') return this.drop({ by: 'local', detail });
    if (this.#config.teardown === undefined) this.#calls.closeAll(detail);
    this.#close({ by: 'local', detail });
    return this.#link.flush(now);
  }

  /** Ends without a word to the peer. */
  drop(end: End): L2tpEffect[] {
    if (this.live) this.#down(end);
    this.discard();
    return this.#link.drain();
  }

  deadline(): Instant | undefined {
    const ofParts = sooner(this.#link.deadline(this.#keptAlive), this.#calls.deadline());
    return sooner(this.#life.deadline(), ofParts);
  }

  tick(now: Instant): L2tpEffect[] {
    if (this.#link.tick(this.#keptAlive, now) === 'lost') {
      return this.drop(noAnswer('the peer stopped acknowledging'));
    }
    if (this.#life.tookTooLong(now)) this.#losePatience();
    this.#callEnded(this.#calls.tick(now), now);
    return this.#link.flush(now);
  }

  get #keptAlive(): boolean {
    return this.#life.state === 'established';
  }

  #losePatience(): void {
    if (this.#life.state === 'lingering') return this.#life.ends();
    const what = this.#life.state === 'established' ? 'stayed without a session' : 'was never established';
    this.#stop({ result: StopResult.generalRequest }, noAnswer(`the tunnel ${what}`));
  }

  #handle(packet: ControlPacket, message: ControlMessage, now: Instant): void {
    if (message.name === 'StopCCN' || message.name === 'CDN') {
      this.#link.fact(endedFact('received', message.name, attribute.resultCode.in(message.avps)));
    }
    if (!this.live) return;
    if (message.name === 'StopCCN') {
      // Its Assigned Tunnel ID is not compared: some clients put a wrong one there (the field facts).
      const detail = resultText('StopCCN', attribute.resultCode.in(message.avps));
      this.#end.because({ by: 'peer', detail, failure: 'refused' });
      this.#finish(now);
      return;
    }
    if (this.#life.state === 'closing') return;
    switch (message.name) {
      case 'SCCRQ':
      case 'SCCRP':
      case 'SCCCN':
        this.#opened(this.#opening.receive(this.#life.state, message), message, now);
        return;
      case 'HELLO':
        if (message.objection) this.#refuse(message.objection);
        return;
      case undefined:
        // RFC 2661 4.4.1: an unknown message is ignored unless its Message Type AVP is mandatory.
        if (message.mandatory) this.#refuse(message.objection ?? unknownMessage(message.type));
        return;
      default:
        if (this.#life.state !== 'established') this.#stateMachineError(message);
        else this.#callEnded(this.#calls.receive(packet, message, now), now);
        if (this.#calls.count > 0) this.#life.hasSession();
    }
  }

  #opened(step: OpeningStep, message: ControlMessage, now: Instant): void {
    if (step === 'established') this.#established(now);
    else if (step === 'out-of-turn') this.#stateMachineError(message);
    else if (step !== 'answered') {
      this.#stop(step, refused(`${message.name} not acceptable: ${resultText('StopCCN', step)}`));
    }
  }

  #established(now: Instant): void {
    this.#life.established(now);
    this.#end.established();
    this.#link.fact({
      fact: 'l2tp-tunnel-established',
      localTunnelId: this.localId,
      peerTunnelId: this.peerId,
      peerHostName: this.#opening.peerHostName,
    });
    if (this.#wantsCall) this.#request(now);
  }

  #request(now: Instant): void {
    this.#wantsCall = false;
    this.#calls.request(now);
    this.#life.hasSession();
  }

  /** A LAC clears its tunnel after the last session (RFC 2661 7.6); an LNS waits for the peer to do so. */
  #callEnded(end: End | undefined, now: Instant): void {
    if (end === undefined || this.#calls.count > 0) return;
    if (this.#config.role === 'lac') this.#close(end);
    else this.#life.waitsForSession(now);
  }

  /** An ordinary end: StopCCN, or nothing where that is how this end goes. */
  #close(end: End): void {
    const { teardown, endResults } = this.#config;
    if (teardown !== 'silent') {
      this.#stop({ result: endResults?.stop ?? StopResult.generalRequest }, end);
      return;
    }
    this.#down(end);
    this.discard();
  }

  #refuse({ errorCode, detail }: Objection): void {
    const code = { result: StopResult.generalError, error: errorCode, message: detail };
    this.#stop(code, refused(detail));
  }

  #stateMachineError(message: ControlMessage): void {
    this.#stop(
      { result: StopResult.stateMachineError },
      refused(`${message.name} in state ${this.#life.state}`),
    );
  }

  /** Sends StopCCN. The tunnel is down when that is acknowledged, or when the peer stops answering. */
  #stop(code: ResultCode, end: End): void {
    this.#calls.dropAll(this.#end.because(end));
    this.#link.send('StopCCN', 0, stopAvps(this.#config, this.localId, code));
    this.#life.closes();
  }

  #finish(now: Instant): void {
    this.#down({ by: 'local', detail: 'closed' });
    this.#link.abandon();
    this.#life.lingers(now);
  }

  #down(fallback: End): void {
    const end = this.#end.because(fallback);
    this.#calls.dropAll(end);
    this.#end.tell(this.#link, end);
  }
}
