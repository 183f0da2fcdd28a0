import { attribute, type ResultCode } from './attribute.ts';
import { l2tpVersion } from './avp-lists.ts';
import { defaultWindow } from './channel.ts';
import { type ControlMessage, ErrorCode } from './message.ts';
import { StopResult } from './result-code.ts';

/** What an SCCRQ or SCCRP says of its sender. Its Host Name is not demanded: Windows does not either (MS-L2TPIE 3.1). */
export interface StartOffer {
  readonly assignedTunnelId: number;
  readonly receiveWindowSize: number;
  readonly hostName: string;
}

export function startOffer(message: ControlMessage): StartOffer {
  return {
    assignedTunnelId: attribute.assignedTunnelId.in(message.avps) ?? 0,
    receiveWindowSize: attribute.receiveWindowSize.in(message.avps) || defaultWindow,
    hostName: attribute.hostName.in(message.avps) ?? '',
  };
}

/** Why an SCCRQ or SCCRP is not acceptable (RFC 2661 7.2.1), `undefined` where it is. */
export function objectionToStart(message: ControlMessage): ResultCode | undefined {
  const general = (error: number, text: string) => {
    return { result: StopResult.generalError, error, message: text };
  };
  if (message.objection !== undefined) return general(message.objection.errorCode, message.objection.detail);
  const version = attribute.protocolVersion.in(message.avps);
  if (version === undefined) return general(ErrorCode.badValue, 'Protocol Version missing');
  if (version.version !== l2tpVersion.version) {
    // RFC 2661 4.4.2: here the Error Code is the highest version supported.
    return { result: StopResult.protocolVersion, error: l2tpVersion.version << 8 };
  }
  if (attribute.challenge.in(message.avps) !== undefined) {
    return { result: StopResult.notAuthorized, error: 0, message: 'tunnel authentication is not configured' };
  }
  if (attribute.receiveWindowSize.in(message.avps) === 0) {
    return general(ErrorCode.badValue, 'Receive Window Size 0');
  }
  if (!attribute.assignedTunnelId.in(message.avps)) {
    return general(ErrorCode.badValue, 'Assigned Tunnel ID missing');
  }
  return undefined;
}
