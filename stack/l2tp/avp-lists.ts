import { attribute } from './attribute.ts';
import type { ResultCode } from './attribute-format.ts';
import type { Avp } from './avp.ts';
import type { L2tpConfig } from './config.ts';

/** RFC 2661 is protocol version 1, revision 0. */
export const l2tpVersion = { version: 1, revision: 0 };

/** RFC 2661 4.4.4: bit A of Bearer Type, what Windows calls with (MS-L2TPIE 4). */
const analogBearer = 2;
/** RFC 2661 4.4.4: the bits of Framing Type. */
const framing = { synchronous: 1, asynchronous: 2 };
/** 100 Mbit/s, as in MS-L2TPIE 4. */
const connectSpeed = 100_000_000;
/** RFC 2661 4.4.5: the LAC authenticated nobody. */
const noAuthentication = 4;

/** AVPs of SCCRQ and SCCRP, in the order of a Windows client (the field facts, from MS-L2TPIE 4). */
export function startAvps(config: L2tpConfig, localTunnelId: number): Avp[] {
  const avps = [
    attribute.protocolVersion.avp(l2tpVersion),
    attribute.framingCapabilities.avp(config.framingCapabilities),
  ];
  if (config.bearerCapabilities !== undefined) {
    avps.push(attribute.bearerCapabilities.avp(config.bearerCapabilities));
  }
  if (config.firmwareRevision !== undefined) {
    avps.push(attribute.firmwareRevision.avp(config.firmwareRevision));
  }
  avps.push(attribute.hostName.avp(config.hostName));
  if (config.vendorName !== undefined) avps.push(attribute.vendorName.avp(config.vendorName));
  avps.push(
    attribute.assignedTunnelId.avp(localTunnelId),
    attribute.receiveWindowSize.avp(config.receiveWindowSize),
  );
  return avps;
}

/** AVPs of ICRQ in a Windows client's order. Its call serial number is always 0 (MS-L2TPIE 4). */
export function callRequestAvps(localSessionId: number): Avp[] {
  return [
    attribute.assignedSessionId.avp(localSessionId),
    attribute.callSerialNumber.avp(0),
    attribute.bearerType.avp(analogBearer),
    attribute.physicalChannelId.avp(0),
  ];
}

/**
 * AVPs of ICCN in a Windows client's order. Framing is synchronous, as its, unless the peer said that it takes
 * no such call (RFC 2661 4.4.3).
 *
 * @param peerFraming the peer's Framing Capabilities; 0 where it told none
 */
export function callConnectedAvps(config: L2tpConfig, peerFraming: number): Avp[] {
  const asynchronousOnly = peerFraming === framing.asynchronous;
  const avps = [
    attribute.txConnectSpeed.avp(connectSpeed),
    attribute.framingType.avp(asynchronousOnly ? framing.asynchronous : framing.synchronous),
    attribute.proxyAuthenType.avp(noAuthentication),
  ];
  if (config.sequencesData) avps.push(attribute.sequencingRequired.avp(true));
  return avps;
}

/** StopCCN: MS-L2TPIE 4 puts the tunnel id before the result, and an Error Code of 0 where there is none. */
export function stopAvps(config: L2tpConfig, localTunnelId: number, code: ResultCode): Avp[] {
  return [attribute.assignedTunnelId.avp(localTunnelId), resultAvp(config, code)];
}

/** CDN, likewise. */
export function disconnectAvps(config: L2tpConfig, localSessionId: number, code: ResultCode): Avp[] {
  return [attribute.assignedSessionId.avp(localSessionId), resultAvp(config, code)];
}

function resultAvp({ resultCodes }: L2tpConfig, { result, error = 0, message }: ResultCode): Avp {
  if (resultCodes === 'result' && error === 0) return attribute.resultCode.avp({ result });
  if (resultCodes !== undefined || message === undefined) return attribute.resultCode.avp({ result, error });
  return attribute.resultCode.avp({ result, error, message });
}
