import type { Instant } from '../engine.ts';
import { attribute, type ResultCode } from './attribute.ts';
import type { Avp } from './avp.ts';
import { callConnectedAvps } from './avp-lists.ts';
import { encodeDataPacket } from './header.ts';
import { type ControlMessage, ErrorCode, type MessageName } from './message.ts';
import { CallResult, resultText } from './result-code.ts';

/** What a session's message leads to. */
export type SessionStep =
  | { readonly step: 'none' }
  | { readonly step: 'established'; readonly answer?: { name: MessageName; avps: Avp[] } }
  | { readonly step: 'ended-by-peer'; readonly detail: string }
  | { readonly step: 'disconnect'; readonly code: ResultCode; readonly detail: string };

/** One incoming call (RFC 2661 7.4): the LAC's side waits for a reply, the LNS's to be connected. */
export class Session {
  readonly localId: number;
  /** When a call that is still not established is given up. */
  readonly establishBy: Instant;
  /** The peer's id for this session; 0 until it has told it. */
  peerId: number;
  #state: 'wait-reply' | 'wait-connect' | 'established';
  /** Data messages carry Ns: demanded by Sequencing Required, or by an LNS that does so (RFC 2661 5.4). */
  #sequenced = false;
  #nextNs = 0;

  constructor(localId: number, peerId: number, state: 'wait-reply' | 'wait-connect', establishBy: Instant) {
    this.localId = localId;
    this.peerId = peerId;
    this.establishBy = establishBy;
    this.#state = state;
  }

  get established(): boolean {
    return this.#state === 'established';
  }

  /** The tables of RFC 2661 7.4.1 and 7.4.2. */
  receive(message: ControlMessage): SessionStep {
    switch (message.name) {
      case 'CDN':
        return { step: 'ended-by-peer', detail: resultText('CDN', attribute.resultCode.in(message.avps)) };
      case 'WEN':
      case 'SLI':
        return { step: 'none' };
      default:
    }
    if (message.objection !== undefined) {
      const { errorCode, detail } = message.objection;
      const code = { result: CallResult.generalError, error: errorCode, message: detail };
      return { step: 'disconnect', code, detail };
    }
    if (this.#state === 'wait-reply' && message.name === 'ICRP') return this.#replied(message);
    if (this.#state === 'wait-connect' && message.name === 'ICCN') {
      this.#state = 'established';
      this.#sequenced = attribute.sequencingRequired.in(message.avps) === true;
      return { step: 'established' };
    }
    const detail = `${message.name} in state ${this.#state}`;
    return { step: 'disconnect', code: { result: CallResult.administrative }, detail };
  }

  #replied(message: ControlMessage): SessionStep {
    const peerId = attribute.assignedSessionId.in(message.avps);
    if (!peerId) {
      const detail = 'ICRP without Assigned Session ID';
      const code = { result: CallResult.generalError, error: ErrorCode.badValue, message: detail };
      return { step: 'disconnect', code, detail };
    }
    this.peerId = peerId;
    this.#state = 'established';
    return { step: 'established', answer: { name: 'ICCN', avps: callConnectedAvps() } };
  }

  /** A data message came: an LAC follows the LNS in sequencing from then on (RFC 2661 5.4). */
  heardData(sequenced: boolean, role: 'lac' | 'lns'): void {
    if (role === 'lac') this.#sequenced = sequenced;
  }

  /** The data message that carries a PPP frame to the peer. */
  wrap(peerTunnelId: number, frame: Uint8Array): Uint8Array {
    const packet = { tunnelId: peerTunnelId, sessionId: this.peerId, priority: false, body: frame };
    if (!this.#sequenced) return encodeDataPacket(packet);
    const ns = this.#nextNs;
    this.#nextNs = (ns + 1) & 0xffff;
    return encodeDataPacket({ ...packet, ns });
  }
}
