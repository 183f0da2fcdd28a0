import { attribute, type ResultCode } from './attribute.ts';
import { PROTOCOL_VERSION } from './avp-lists.ts';
import { DEFAULT_WINDOW } from './channel.ts';
import { type ControlMessage, errorCodes } from './message.ts';
import { stopResult } from './result-code.ts';

/** What an SCCRQ or SCCRP says of its sender. Its Host Name is not demanded: Windows does not either (MS-L2TPIE 3.1). */
export interface StartOffer {
  readonly assignedTunnelId: number;
  readonly receiveWindowSize: number;
  readonly hostName: string;
}

export function startOffer(message: ControlMessage): StartOffer {
  return {
    assignedTunnelId: attribute.assignedTunnelId.in(message.avps) ?? 0,
    receiveWindowSize: attribute.receiveWindowSize.in(message.avps) || DEFAULT_WINDOW,
    hostName: attribute.hostName.in(message.avps) ?? '',
  };
}

/** Why an SCCRQ or SCCRP is not acceptable (RFC 2661 7.2.1), `undefined` where it is. */
export function objectionToStart(message: ControlMessage): ResultCode | undefined {
  const general = (error: number, text: string) => {
    return { result: stopResult.generalError, error, message: text };
  };
  if (message.objection !== undefined) return general(message.objection.errorCode, message.objection.detail);
  const version = attribute.protocolVersion.in(message.avps);
  if (version === undefined) return general(errorCodes.badValue, 'Protocol Version missing');
  if (version.version !== PROTOCOL_VERSION.version) {
    // RFC 2661 4.4.2: here the Error Code is the highest version supported.
    return { result: stopResult.protocolVersion, error: PROTOCOL_VERSION.version << 8 };
  }
  if (attribute.challenge.in(message.avps) !== undefined) {
    return { result: stopResult.notAuthorized, error: 0, message: 'tunnel authentication is not configured' };
  }
  if (attribute.receiveWindowSize.in(message.avps) === 0) {
    return general(errorCodes.badValue, 'Receive Window Size 0');
  }
  if (!attribute.assignedTunnelId.in(message.avps)) {
    return general(errorCodes.badValue, 'Assigned Tunnel ID missing');
  }
  return undefined;
}
