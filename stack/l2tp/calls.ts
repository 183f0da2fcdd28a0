import { earliest } from '../deadline.ts';
import type { Instant } from '../engine.ts';
import { wholeInterval } from '../retransmission.ts';
import { attribute, type ResultCode } from './attribute.ts';
import { callRequestAvps, disconnectAvps } from './avp-lists.ts';
import type { L2tpConfig, L2tpSessionKey } from './config.ts';
import type { ControlPacket } from './header.ts';
import type { ControlMessage } from './message.ts';
import type { End, Outbox } from './outbox.ts';
import { CallResult, resultText } from './result-code.ts';
import { Session } from './session.ts';

/** Sessions of one tunnel are bounded: the clients of the field open one. */
const maximumSessions = 16;

/** Gives an id from 1 to 65535 that is not taken. */
export type IdPicker = (taken: (id: number) => boolean) => number;

/** The sessions of one tunnel: incoming calls, RFC 2661 7.4. */
export class Calls {
  readonly #config: L2tpConfig;
  readonly #tunnelId: number;
  readonly #pickId: IdPicker;
  readonly #outbox: Outbox;
  readonly #sessions = new Map<number, Session>();

  constructor(config: L2tpConfig, tunnelId: number, pickId: IdPicker, outbox: Outbox) {
    this.#config = config;
    this.#tunnelId = tunnelId;
    this.#pickId = pickId;
    this.#outbox = outbox;
  }

  get none(): boolean {
    return this.#sessions.size === 0;
  }

  get establishedCount(): number {
    return [...this.#sessions.values()].filter((session) => session.established).length;
  }

  /** The session that carries data, by our id. */
  established(sessionId: number): Session | undefined {
    const session = this.#sessions.get(sessionId);
    return session?.established ? session : undefined;
  }

  key(session: Session): L2tpSessionKey {
    return { tunnelId: this.#tunnelId, sessionId: session.localId };
  }

  /** LAC: asks for one session. */
  request(now: Instant): void {
    const session = this.#open(0, 'wait-reply', now);
    this.#outbox.send('ICRQ', 0, callRequestAvps(session.localId));
  }

  /** Takes a message about a call; gives its end where it ended one. */
  receive(packet: ControlPacket, message: ControlMessage, now: Instant): End | undefined {
    if (message.name === 'ICRQ' && packet.sessionId === 0) {
      this.#requested(message, now);
      return undefined;
    }
    const session = this.#find(packet, message);
    if (session === undefined) {
      // This LAC places no calls of its own (RFC 2661 7.5).
      if (message.name === 'OCRQ') this.#decline(message, { result: CallResult.noFacilitiesEver });
      return undefined;
    }
    const step = session.receive(message);
    switch (step.step) {
      case 'none':
        return undefined;
      case 'established':
        if (step.answer) this.#outbox.send(step.answer.name, session.peerId, step.answer.avps);
        this.#up(session, now);
        return undefined;
      case 'ended-by-peer':
        return this.#remove(session, { by: 'peer', detail: step.detail, failure: 'refused' });
      case 'disconnect':
        return this.#disconnect(session, step.code, { by: 'local', detail: step.detail, failure: 'refused' });
    }
  }

  /** Sends CDN for a session; gives its end, `undefined` where there is no such session. */
  close(sessionId: number, detail: string): End | undefined {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return undefined;
    return this.#disconnect(session, { result: CallResult.administrative }, { by: 'local', detail });
  }

  /** Sends CDN for every session. */
  closeAll(detail: string): void {
    for (const sessionId of [...this.#sessions.keys()]) this.close(sessionId, detail);
  }

  /** The tunnel is over, and all its sessions with it (RFC 2661 6.4: without any call control message). */
  dropAll(end: End): void {
    for (const session of [...this.#sessions.values()]) this.#remove(session, end);
  }

  /** When the first call that is not established yet is given up. */
  deadline(): Instant | undefined {
    const pending = [...this.#sessions.values()].filter((session) => !session.established);
    return earliest(pending.map((session) => session.establishBy));
  }

  /** Gives up calls that were acknowledged but never established. */
  tick(now: Instant): End | undefined {
    let end: End | undefined;
    for (const session of [...this.#sessions.values()]) {
      if (session.established || now < session.establishBy) continue;
      const detail = 'the call was acknowledged but never established';
      end = { by: 'timeout', detail, failure: 'no-answer' };
      this.#disconnect(session, { result: CallResult.notInTime }, end);
    }
    return end;
  }

  #requested(message: ControlMessage, now: Instant): void {
    const peerId = attribute.assignedSessionId.in(message.avps);
    const { objection } = message;
    if (objection !== undefined) {
      const code = { result: CallResult.generalError, error: objection.errorCode, message: objection.detail };
      this.#decline(message, code);
    } else if (this.#config.role !== 'lns') {
      this.#decline(message, { result: CallResult.noFacilitiesEver });
    } else if (this.#sessions.size >= maximumSessions) {
      this.#decline(message, { result: CallResult.noFacilitiesNow });
    } else if (peerId) {
      const session = this.#open(peerId, 'wait-connect', now);
      this.#outbox.send('ICRP', peerId, [attribute.assignedSessionId.avp(session.localId)]);
    }
  }

  #decline(message: ControlMessage, code: ResultCode): void {
    const peerId = attribute.assignedSessionId.in(message.avps) ?? 0;
    const localId = this.#pickId((id) => this.#sessions.has(id));
    this.#outbox.send('CDN', peerId, disconnectAvps(localId, code));
    this.#outbox.fact({ fact: 'l2tp-failed', reason: 'refused', detail: resultText('CDN', code) });
  }

  /** By our id in the header; a CDN also by the peer's id, for senders that leave the header's at 0 (RFC 2661 4.4.4). */
  #find(packet: ControlPacket, message: ControlMessage): Session | undefined {
    if (packet.sessionId !== 0) return this.#sessions.get(packet.sessionId);
    if (message.name !== 'CDN') return undefined;
    const peerId = attribute.assignedSessionId.in(message.avps);
    return [...this.#sessions.values()].find((session) => session.peerId === peerId);
  }

  #open(peerId: number, state: 'wait-reply' | 'wait-connect', now: Instant): Session {
    const localId = this.#pickId((id) => this.#sessions.has(id));
    const patience = 2 * wholeInterval(this.#config.retransmission);
    const session = new Session(localId, peerId, state, now + patience);
    this.#sessions.set(localId, session);
    return session;
  }

  #up(session: Session, now: Instant): void {
    this.#outbox.fact({
      fact: 'l2tp-session-established',
      localSessionId: session.localId,
      peerSessionId: session.peerId,
    });
    // The ICCN goes first: a PPP frame that overtakes it is for no session yet.
    this.#outbox.transmit(now);
    this.#outbox.effect({ effect: 'session-up', session: this.key(session), peer: this.#outbox.peer });
  }

  #disconnect(session: Session, code: ResultCode, end: End): End {
    this.#outbox.send('CDN', session.peerId, disconnectAvps(session.localId, code));
    return this.#remove(session, end);
  }

  #remove(session: Session, end: End): End {
    this.#sessions.delete(session.localId);
    if (session.established) {
      this.#outbox.effect({ effect: 'session-down', session: this.key(session), detail: end.detail });
    } else if (end.failure !== undefined) {
      this.#outbox.fact({ fact: 'l2tp-failed', reason: end.failure, detail: end.detail });
    }
    return end;
  }
}
