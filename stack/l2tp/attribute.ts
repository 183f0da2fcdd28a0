import * as format from './attribute-format.ts';
import type { Avp } from './avp.ts';

/** One row of the attribute table: the attributes of RFC 2661 4.4 with their number, M bit and format. */
export interface Attribute<T> {
  readonly name: string;
  readonly type: number;
  /** The M bit that RFC 2661 gives it. */
  readonly mandatory: boolean;
  /** Octets of its number, `undefined` where its value is none. */
  readonly width: 2 | 4 | undefined;
  /** The H bit may be set. */
  readonly hideable: boolean;
  /** The AVP that carries `value`, with the M bit that RFC 2661 gives this attribute. */
  readonly avp: (value: T) => Avp;
  /** The first such AVP's value, `undefined` when there is none or its octets are malformed. */
  readonly in: (avps: readonly Avp[]) => T | undefined;
  readonly wellFormed: (avp: Avp) => boolean;
}

/** RFC 2661 4.4 forbids to hide these: 0, 1, 2, 5, 7, 10, 12, 36 and 39. */
const alwaysClear = new Set([0, 1, 2, 5, 7, 10, 12, 36, 39]);

function define<T>(type: number, name: string, mandatory: boolean, form: format.Format<T>): Attribute<T> {
  const isThis = (avp: Avp) => avp.vendorId === 0 && avp.type === type && !avp.hidden && !avp.reserved;
  return {
    name,
    type,
    mandatory,
    width: form.width,
    hideable: !alwaysClear.has(type),
    avp: (value) => {
      return { mandatory, hidden: false, reserved: false, vendorId: 0, type, value: form.write(value) };
    },
    in: (avps) => {
      const found = avps.find(isThis);
      return found === undefined ? undefined : form.read(found.value);
    },
    wellFormed: (avp) => form.read(avp.value) !== undefined,
  };
}

const M = true;
const notM = false;

/** RFC 2661 4.4. What is not here is unknown to this stack. */
export const attribute = {
  messageType: define(0, 'Message Type', M, format.unsigned(2)),
  resultCode: define(1, 'Result Code', M, format.resultCode),
  protocolVersion: define(2, 'Protocol Version', M, format.protocolVersion),
  framingCapabilities: define(3, 'Framing Capabilities', M, format.unsigned(4)),
  bearerCapabilities: define(4, 'Bearer Capabilities', M, format.unsigned(4)),
  tieBreaker: define(5, 'Tie Breaker', notM, format.octets(8, 8)),
  firmwareRevision: define(6, 'Firmware Revision', notM, format.unsigned(2)),
  hostName: define(7, 'Host Name', M, format.text),
  vendorName: define(8, 'Vendor Name', notM, format.text),
  assignedTunnelId: define(9, 'Assigned Tunnel ID', M, format.unsigned(2)),
  receiveWindowSize: define(10, 'Receive Window Size', M, format.unsigned(2)),
  challenge: define(11, 'Challenge', M, format.octets(1)),
  q931CauseCode: define(12, 'Q.931 Cause Code', M, format.q931CauseCode),
  challengeResponse: define(13, 'Challenge Response', M, format.octets(16, 16)),
  assignedSessionId: define(14, 'Assigned Session ID', M, format.unsigned(2)),
  callSerialNumber: define(15, 'Call Serial Number', M, format.unsigned(4)),
  minimumBps: define(16, 'Minimum BPS', M, format.unsigned(4)),
  maximumBps: define(17, 'Maximum BPS', M, format.unsigned(4)),
  bearerType: define(18, 'Bearer Type', M, format.unsigned(4)),
  framingType: define(19, 'Framing Type', M, format.unsigned(4)),
  calledNumber: define(21, 'Called Number', M, format.text),
  callingNumber: define(22, 'Calling Number', M, format.text),
  subAddress: define(23, 'Sub-Address', M, format.text),
  txConnectSpeed: define(24, '(Tx) Connect Speed', M, format.unsigned(4)),
  physicalChannelId: define(25, 'Physical Channel ID', notM, format.unsigned(4)),
  initialReceivedLcpConfReq: define(26, 'Initial Received LCP CONFREQ', notM, format.octets(0)),
  lastSentLcpConfReq: define(27, 'Last Sent LCP CONFREQ', notM, format.octets(0)),
  lastReceivedLcpConfReq: define(28, 'Last Received LCP CONFREQ', notM, format.octets(0)),
  proxyAuthenType: define(29, 'Proxy Authen Type', notM, format.unsigned(2)),
  proxyAuthenName: define(30, 'Proxy Authen Name', notM, format.octets(0)),
  proxyAuthenChallenge: define(31, 'Proxy Authen Challenge', notM, format.octets(0)),
  proxyAuthenId: define(32, 'Proxy Authen ID', notM, format.unsigned(2)),
  proxyAuthenResponse: define(33, 'Proxy Authen Response', notM, format.octets(0)),
  callErrors: define(34, 'Call Errors', M, format.callErrors),
  accm: define(35, 'ACCM', M, format.accm),
  randomVector: define(36, 'Random Vector', M, format.octets(0)),
  privateGroupId: define(37, 'Private Group ID', notM, format.octets(0)),
  rxConnectSpeed: define(38, 'Rx Connect Speed', notM, format.unsigned(4)),
  sequencingRequired: define(39, 'Sequencing Required', M, format.flag),
};

/** RFC 2661's names, each in one word. */
export type AttributeName = keyof typeof attribute;

type AnyAttribute = Omit<Attribute<unknown>, 'avp' | 'in'>;

const byType = new Map<number, AnyAttribute>(Object.values(attribute).map((row) => [row.type, row]));

/** The row for an AVP of RFC 2661, `undefined` for what this stack does not recognise. */
export function attributeOf(avp: Avp): AnyAttribute | undefined {
  return avp.vendorId === 0 && !avp.reserved ? byType.get(avp.type) : undefined;
}
