import type { Instant } from '../engine.ts';
import { attribute } from './attribute.ts';
import type { ResultCode } from './attribute-format.ts';
import type { Avp } from './avp.ts';
import { callConnectedAvps } from './avp-lists.ts';
import type { L2tpConfig } from './config.ts';
import { DataChannel } from './data-channel.ts';
import { type ControlMessage, ErrorCode } from './message.ts';
import { CallResult, resultText } from './result-code.ts';

/** What a session's message leads to. */
export type SessionStep =
  | { readonly step: 'none' }
  | { readonly step: 'established'; readonly iccn?: readonly Avp[] }
  | { readonly step: 'ended-by-peer'; readonly detail: string }
  | { readonly step: 'disconnect'; readonly code: ResultCode; readonly detail: string };

/** What a session knows of the tunnel that it is in. */
export interface SessionSetting {
  readonly config: L2tpConfig;
  readonly peerTunnelId: number;
  /** Framing Capabilities of the peer; 0 where it told none. */
  readonly peerFraming: number;
}

/** One incoming call (RFC 2661 7.4): the LAC's side waits for a reply, the LNS's to be connected. */
export class Session {
  readonly localId: number;
  /** When a call that is still not established is given up. */
  readonly establishBy: Instant;
  /** The peer's id for this session; 0 until it has told it. */
  peerId: number;
  readonly #setting: SessionSetting;
  readonly #waitsFor: 'ICRP' | 'ICCN';
  #data: DataChannel | undefined;

  constructor(localId: number, peerId: number, setting: SessionSetting, establishBy: Instant) {
    this.localId = localId;
    this.peerId = peerId;
    this.establishBy = establishBy;
    this.#setting = setting;
    this.#waitsFor = peerId === 0 ? 'ICRP' : 'ICCN';
  }

  get established(): boolean {
    return this.#data !== undefined;
  }

  /** Its data messages; `undefined` until it is established. */
  get data(): DataChannel | undefined {
    return this.#data;
  }

  /** The tables of RFC 2661 7.4.1 and 7.4.2. */
  receive(message: ControlMessage): SessionStep {
    const { name, objection } = message;
    if (name === 'CDN') {
      return { step: 'ended-by-peer', detail: resultText('CDN', attribute.resultCode.in(message.avps)) };
    }
    if (objection !== undefined) return invalid(objection.errorCode, objection.detail);
    // Errors on a line, and an ACCM for one: a LAC and an LNS that speak PPP themselves have no line.
    if (name === 'WEN' || name === 'SLI') return { step: 'none' };
    if (!this.established && name === this.#waitsFor) {
      return name === 'ICRP' ? this.#replied(message) : this.#connected(message);
    }
    const detail = `${name} in state ${this.#state}`;
    // RFC 2661 7.4.1: a LAC that gets ICCN for its own call cleans up and says nothing.
    if (this.#state === 'wait-reply' && name === 'ICCN') return { step: 'ended-by-peer', detail };
    return { step: 'disconnect', code: { result: CallResult.administrative }, detail };
  }

  get #state(): 'established' | 'wait-reply' | 'wait-connect' {
    if (this.established) return 'established';
    return this.#waitsFor === 'ICRP' ? 'wait-reply' : 'wait-connect';
  }

  #replied(message: ControlMessage): SessionStep {
    const peerId = attribute.assignedSessionId.in(message.avps);
    if (!peerId) return invalid(ErrorCode.badValue, 'ICRP without Assigned Session ID');
    this.peerId = peerId;
    const { config, peerFraming } = this.#setting;
    this.#establish(config.sequencesData === true);
    return { step: 'established', iccn: callConnectedAvps(config, peerFraming) };
  }

  /** A missing (Tx) Connect Speed or Framing Type is no fault: Cisco's leave them out (the field facts E2). */
  #connected(message: ControlMessage): SessionStep {
    const framing = attribute.framingType.in(message.avps);
    if (framing !== undefined && (framing & this.#setting.config.framingCapabilities) === 0) {
      return invalid(ErrorCode.badValue, `Framing Type ${framing} was not advertised`);
    }
    this.#establish(attribute.sequencingRequired.in(message.avps) === true);
    return { step: 'established' };
  }

  #establish(sequencingRequired: boolean): void {
    const { config, peerTunnelId } = this.#setting;
    const peer = { tunnelId: peerTunnelId, sessionId: this.peerId };
    this.#data = new DataChannel(config, peer, sequencingRequired);
  }
}

function invalid(error: number, detail: string): SessionStep {
  return { step: 'disconnect', code: { result: CallResult.generalError, error, message: detail }, detail };
}
