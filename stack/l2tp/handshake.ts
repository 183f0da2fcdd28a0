import type { RandomSource } from '../engine.ts';
import { fromHex } from '../octets.ts';
import { attribute } from './attribute.ts';
import type { ResultCode } from './attribute-format.ts';
import type { Avp } from './avp.ts';
import { l2tpVersion, startAvps } from './avp-lists.ts';
import { defaultWindow } from './channel.ts';
import type { L2tpConfig } from './config.ts';
import { type ControlMessage, ErrorCode } from './message.ts';
import { StopResult } from './result-code.ts';
import { answersChallenge, challengeResponse, type RespondingMessage } from './tunnel-authentication.ts';

const challengeLength = 16;
const tieBreakerLength = 8;

/** What an SCCRQ or SCCRP says of its sender. Its Host Name is not demanded: Windows does not either (MS-L2TPIE 3.1). */
export interface StartOffer {
  readonly assignedTunnelId: number;
  readonly receiveWindowSize: number;
  readonly hostName: string;
  /** 0 where it tells none. */
  readonly framingCapabilities: number;
}

function startOffer(message: ControlMessage): StartOffer {
  return {
    assignedTunnelId: attribute.assignedTunnelId.in(message.avps) ?? 0,
    receiveWindowSize: attribute.receiveWindowSize.in(message.avps) || defaultWindow,
    hostName: attribute.hostName.in(message.avps) ?? '',
    framingCapabilities: attribute.framingCapabilities.in(message.avps) ?? 0,
  };
}

function generalError(error: number, message: string): ResultCode {
  return { result: StopResult.generalError, error, message };
}

function notAuthorized(message: string): ResultCode {
  return { result: StopResult.notAuthorized, error: 0, message };
}

/** Why an SCCRQ or SCCRP is not acceptable (RFC 2661 7.2.1), as far as it alone shows; `undefined` where it is. */
export function objectionToStart(message: ControlMessage, config: L2tpConfig): ResultCode | undefined {
  const { avps, objection } = message;
  if (objection !== undefined) return generalError(objection.errorCode, objection.detail);
  const version = attribute.protocolVersion.in(avps);
  if (version === undefined) return generalError(ErrorCode.badValue, 'Protocol Version missing');
  if (version.version !== l2tpVersion.version) {
    // RFC 2661 4.4.2: here the Error Code is the highest version supported.
    return { result: StopResult.protocolVersion, error: l2tpVersion.version << 8 };
  }
  if (attribute.challenge.in(avps) !== undefined && config.tunnelSecret === undefined) {
    return notAuthorized('tunnel authentication is not configured');
  }
  if (attribute.receiveWindowSize.in(avps) === 0) {
    return generalError(ErrorCode.badValue, 'Receive Window Size 0');
  }
  if (!attribute.assignedTunnelId.in(avps)) {
    return generalError(ErrorCode.badValue, 'Assigned Tunnel ID missing');
  }
  return undefined;
}

/** One end's part in SCCRQ, SCCRP and SCCCN: what it says there, and tunnel authentication (RFC 2661 5.1.1). */
export class Handshake {
  /** The Tie Breaker of this end's SCCRQ. */
  readonly tieBreaker: Uint8Array | undefined;
  readonly #config: L2tpConfig;
  readonly #localTunnelId: number;
  /** What the peer has to answer. */
  readonly #challenge: Uint8Array | undefined;
  /** What this end has to answer. */
  #peerChallenge: Uint8Array | undefined;

  constructor(config: L2tpConfig, localTunnelId: number, random: RandomSource) {
    this.#config = config;
    this.#localTunnelId = localTunnelId;
    this.tieBreaker = tieBreakerOf(config, random);
    if (config.challenges) this.#challenge = random(challengeLength);
  }

  /** Remembers what the peer's SCCRQ or SCCRP asks of this end. */
  meet(message: ControlMessage): StartOffer {
    this.#peerChallenge = attribute.challenge.in(message.avps);
    return startOffer(message);
  }

  request(): Avp[] {
    const avps = this.#start();
    if (this.tieBreaker !== undefined) avps.push(attribute.tieBreaker.avp(this.tieBreaker));
    return avps;
  }

  reply(): Avp[] {
    return [...this.#start(), ...this.#response(2)];
  }

  connected(): Avp[] {
    return this.#response(3);
  }

  objectionToReply(message: ControlMessage): ResultCode | undefined {
    return objectionToStart(message, this.#config) ?? this.#objectionToResponse(2, message);
  }

  objectionToConnected(message: ControlMessage): ResultCode | undefined {
    const { objection } = message;
    if (objection !== undefined) return generalError(objection.errorCode, objection.detail);
    return this.#objectionToResponse(3, message);
  }

  #start(): Avp[] {
    const avps = startAvps(this.#config, this.#localTunnelId);
    if (this.#challenge !== undefined) avps.push(attribute.challenge.avp(this.#challenge));
    return avps;
  }

  #response(message: RespondingMessage): Avp[] {
    const { tunnelSecret } = this.#config;
    if (this.#peerChallenge === undefined || tunnelSecret === undefined) return [];
    return [attribute.challengeResponse.avp(challengeResponse(message, tunnelSecret, this.#peerChallenge))];
  }

  #objectionToResponse(type: RespondingMessage, message: ControlMessage): ResultCode | undefined {
    const { tunnelSecret } = this.#config;
    if (this.#challenge === undefined || tunnelSecret === undefined) return undefined;
    const response = attribute.challengeResponse.in(message.avps);
    if (response === undefined) return notAuthorized('Challenge Response missing');
    if (answersChallenge(type, tunnelSecret, this.#challenge, response)) return undefined;
    return notAuthorized('Challenge Response wrong');
  }
}

function tieBreakerOf({ tieBreaker }: L2tpConfig, random: RandomSource): Uint8Array | undefined {
  if (tieBreaker === undefined || tieBreaker === 'ignored') return undefined;
  return tieBreaker === 'random' ? random(tieBreakerLength) : fromHex(tieBreaker.hex);
}
