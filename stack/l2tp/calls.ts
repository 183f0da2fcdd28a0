import { earliest } from '../deadline.ts';
import type { Instant } from '../engine.ts';
import { dropped } from '../fact.ts';
import { wholeInterval } from '../retransmission.ts';
import { attribute } from './attribute.ts';
import type { ResultCode } from './attribute-format.ts';
import { callRequestAvps, disconnectAvps } from './avp-lists.ts';
import type { L2tpConfig, L2tpEffect, L2tpSessionKey } from './config.ts';
import type { ControlLink, End } from './control-link.ts';
import type { ControlPacket, DataPacket } from './header.ts';
import { type ControlMessage, ErrorCode } from './message.ts';

import { CallResult, resultText } from './result-code.ts';
import { Session } from './session.ts';

/** Sessions of one tunnel are bounded: the clients of the field open one. */
const defaultMaximumSessions = 16;

/** Gives an id from 1 to 65535 that is not taken. */
export type IdPicker = (taken: (id: number) => boolean) => number;

/** The sessions of one tunnel: incoming calls, RFC 2661 7.4. */
export class Calls {
  /** Framing Capabilities of the peer; 0 until it has told them. */
  peerFraming = 0;
  readonly #config: L2tpConfig;
  readonly #tunnelId: number;
  readonly #pickId: IdPicker;
  readonly #link: ControlLink;
  readonly #sessions = new Map<number, Session>();

  constructor(config: L2tpConfig, tunnelId: number, pickId: IdPicker, link: ControlLink) {
    this.#config = config;
    this.#tunnelId = tunnelId;
    this.#pickId = pickId;
    this.#link = link;
  }

  /** Sessions, established or not. */
  get count(): number {
    return this.#sessions.size;
  }

  get establishedCount(): number {
    return [...this.#sessions.values()].filter((session) => session.established).length;
  }

  /** LAC: asks for one session. */
  request(now: Instant): void {
    const session = this.#open(0, now);
    this.#link.send('ICRQ', 0, callRequestAvps(session.localId));
  }

  /** Takes a message about a call; gives its end where it ended one. */
  receive(packet: ControlPacket, message: ControlMessage, now: Instant): End | undefined {
    if (message.name === 'ICRQ' && packet.sessionId === 0) {
      this.#requested(message, now);
      return undefined;
    }
    const session = this.#find(packet, message);
    if (session === undefined) {
      this.#withoutSession(message);
      return undefined;
    }
    const step = session.receive(message);
    switch (step.step) {
      case 'none':
        return undefined;
      case 'established':
        if (step.iccn) this.#link.send('ICCN', session.peerId, step.iccn);
        this.#up(session, now);
        return undefined;
      case 'ended-by-peer':
        return this.#remove(session, { by: 'peer', detail: step.detail, failure: 'refused' });
      case 'disconnect':
        return this.#disconnect(session, step.code, { by: 'local', detail: step.detail, failure: 'refused' });
    }
  }

  /** What a data message carries. */
  receiveData(packet: DataPacket, now: Instant): L2tpEffect[] {
    const session = this.#sessions.get(packet.sessionId);
    if (session?.data === undefined) {
      return dropped('unexpected', `data for session ${packet.sessionId} of tunnel ${this.#tunnelId}`);
    }
    const { frames, dropped: drop } = session.data.receive(packet, now);
    const effects = this.#received(session, frames);
    return drop === undefined ? effects : [...dropped(drop.reason, drop.detail), ...effects];
  }

  /** The data message for a frame; `undefined` while the session is not established. */
  wrap(sessionId: number, frame: Uint8Array): Uint8Array | undefined {
    return this.#sessions.get(sessionId)?.data?.wrap(frame);
  }

  /** Numbers the data messages of a session from now on, or stops to. */
  sequence(sessionId: number, enabled: boolean): void {
    this.#sessions.get(sessionId)?.data?.sequence(enabled);
  }

  /** Ends a session, with CDN unless `silently`; gives its end, `undefined` where there is no such session. */
  close(sessionId: number, detail: string, silently: boolean): End | undefined {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return undefined;
    const result = this.#config.endResults?.call ?? CallResult.administrative;
    const end: End = { by: 'local', detail };
    return silently ? this.#remove(session, end) : this.#disconnect(session, { result }, end);
  }

  /** Sends CDN for every session. */
  closeAll(detail: string): void {
    for (const sessionId of [...this.#sessions.keys()]) this.close(sessionId, detail, false);
  }

  /** The tunnel is over, and all its sessions with it (RFC 2661 6.4: without any call control message). */
  dropAll(end: End): void {
    for (const session of [...this.#sessions.values()]) this.#remove(session, end);
  }

  /** When the first call that is not established yet is given up, or frames have waited long enough. */
  deadline(): Instant | undefined {
    return earliest(
      [...this.#sessions.values()].map(({ data, establishBy }) => (data ? data.deadline : establishBy)),
    );
  }

  /** Gives up calls that were acknowledged but never established, and waiting for lost data. */
  tick(now: Instant): End | undefined {
    let end: End | undefined;
    for (const session of [...this.#sessions.values()]) {
      if (session.data !== undefined) {
        for (const effect of this.#received(session, session.data.tick(now))) this.#link.effect(effect);
      } else if (now >= session.establishBy) {
        const detail = 'the call was acknowledged but never established';
        end = { by: 'timeout', detail, failure: 'no-answer' };
        this.#disconnect(session, { result: CallResult.notInTime }, end);
      }
    }
    return end;
  }

  #received(session: Session, frames: readonly Uint8Array[]): L2tpEffect[] {
    return frames.map((frame) => ({ effect: 'receive-ppp', session: this.#key(session), frame }));
  }

  #key(session: Session): L2tpSessionKey {
    return { tunnelId: this.#tunnelId, sessionId: session.localId };
  }

  #requested(message: ControlMessage, now: Instant): void {
    const peerId = attribute.assignedSessionId.in(message.avps);
    const { objection } = message;
    const invalid = (error: number, text: string) => {
      this.#decline(message, { result: CallResult.generalError, error, message: text });
    };
    if (objection !== undefined) invalid(objection.errorCode, objection.detail);
    else if (this.#config.role !== 'lns') this.#decline(message, { result: CallResult.noFacilitiesEver });
    else if (!peerId) invalid(ErrorCode.badValue, 'ICRQ without Assigned Session ID');
    else if ([...this.#sessions.values()].some((session) => session.peerId === peerId)) {
      invalid(ErrorCode.badSessionId, `Session ID ${peerId} is in use`);
    } else if (this.#sessions.size >= (this.#config.maximumSessions ?? defaultMaximumSessions)) {
      this.#decline(message, { result: CallResult.noFacilitiesNow });
    } else {
      const session = this.#open(peerId, now);
      this.#link.send('ICRP', peerId, [attribute.assignedSessionId.avp(session.localId)]);
    }
  }

  /**
   * A message about no session, in state idle of RFC 2661 7.4 and 7.5: a reply that this end's role never asked
   * for is answered by CDN, and so is OCRQ, since this end places no calls; everything else leads to nothing.
   */
  #withoutSession(message: ControlMessage): void {
    const unasked = this.#config.role === 'lac' ? 'OCRP' : 'ICRP';
    if (message.name === 'OCRQ') this.#decline(message, { result: CallResult.noFacilitiesEver });
    if (message.name !== unasked) return;
    const text = `${unasked} for no call`;
    const code = { result: CallResult.generalError, error: ErrorCode.badSessionId, message: text };
    this.#decline(message, code);
  }

  #decline(message: ControlMessage, code: ResultCode): void {
    const peerId = attribute.assignedSessionId.in(message.avps) ?? 0;
    const localId = this.#pickId((id) => this.#sessions.has(id));
    this.#link.send('CDN', peerId, disconnectAvps(this.#config, localId, code));
    this.#link.fact({ fact: 'l2tp-failed', reason: 'refused', detail: resultText('CDN', code) });
  }

  /** By our id in the header; a CDN also by the peer's id, for senders that leave the header's at 0 (RFC 2661 4.4.4). */
  #find(packet: ControlPacket, message: ControlMessage): Session | undefined {
    if (packet.sessionId !== 0) return this.#sessions.get(packet.sessionId);
    if (message.name !== 'CDN') return undefined;
    const peerId = attribute.assignedSessionId.in(message.avps);
    return [...this.#sessions.values()].find((session) => session.peerId === peerId);
  }

  #open(peerId: number, now: Instant): Session {
    const localId = this.#pickId((id) => this.#sessions.has(id));
    const patience = 2 * wholeInterval(this.#config.retransmission);
    const { peerTunnelId } = this.#link;
    const setting = { config: this.#config, peerTunnelId, peerFraming: this.peerFraming };
    const session = new Session(localId, peerId, setting, now + patience);
    this.#sessions.set(localId, session);
    return session;
  }

  #up(session: Session, now: Instant): void {
    this.#link.fact({
      fact: 'l2tp-session-established',
      localSessionId: session.localId,
      peerSessionId: session.peerId,
    });
    // The ICCN goes first: a PPP frame that overtakes it is for no session yet.
    this.#link.transmit(now);
    this.#link.effect({ effect: 'session-up', session: this.#key(session), peer: this.#link.peer });
  }

  #disconnect(session: Session, code: ResultCode, end: End): End {
    const inHeader = this.#config.disconnectsSessionZero ? 0 : session.peerId;
    this.#link.send('CDN', inHeader, disconnectAvps(this.#config, session.localId, code));
    return this.#remove(session, end);
  }

  #remove(session: Session, end: End): End {
    this.#sessions.delete(session.localId);
    if (session.established) {
      this.#link.effect({ effect: 'session-down', session: this.#key(session), detail: end.detail });
    } else if (end.failure !== undefined) {
      this.#link.fact({ fact: 'l2tp-failed', reason: end.failure, detail: end.detail });
    }
    return end;
  }
}
