import { concat, readUint, uint16, uint32, utf8 } from '../octets.ts';
import type { Avp } from './avp.ts';

/** How the value of one attribute is written and read; `read` gives `undefined` for octets that are none. */
interface Format<T> {
  readonly write: (value: T) => Uint8Array;
  readonly read: (value: Uint8Array) => T | undefined;
}

/** One row of the attribute table: the attributes of RFC 2661 4.4 with their number, M bit and format. */
export interface Attribute<T> {
  readonly name: string;
  readonly type: number;
  /** The AVP that carries `value`, with the M bit that RFC 2661 gives this attribute. */
  readonly avp: (value: T) => Avp;
  /** The first such AVP's value, `undefined` when there is none or its octets are malformed. */
  readonly in: (avps: readonly Avp[]) => T | undefined;
  readonly wellFormed: (avp: Avp) => boolean;
}

function unsigned(octets: 2 | 4): Format<number> {
  return {
    write: octets === 2 ? uint16 : uint32,
    read: (value) => (value.length === octets ? readUint(value, 0, octets) : undefined),
  };
}

const octets: Format<Uint8Array> = { write: (value) => value, read: (value) => value };

/** Names may hold any octets; what is no UTF-8 reads as U+FFFD. */
const text: Format<string> = {
  write: utf8,
  read: (value) => new TextDecoder().decode(value),
};

const flag: Format<true> = {
  write: () => new Uint8Array(),
  read: (v) => (v.length === 0 ? true : undefined),
};

export interface ProtocolVersion {
  readonly version: number;
  readonly revision: number;
}

const protocolVersion: Format<ProtocolVersion> = {
  write: ({ version, revision }) => Uint8Array.of(version, revision),
  read: (value) => {
    const [version, revision] = value;
    if (value.length !== 2 || version === undefined || revision === undefined) return undefined;
    return { version, revision };
  },
};

/** RFC 2661 4.4.2: Result Code, then optionally Error Code, then optionally Error Message. */
export interface ResultCode {
  readonly result: number;
  readonly error?: number;
  readonly message?: string;
}

const resultCode: Format<ResultCode> = {
  write: ({ result, error, message }) => {
    const short = unsigned(2);
    const parts = [short.write(result)];
    if (error !== undefined || message !== undefined) parts.push(short.write(error ?? 0));
    if (message !== undefined) parts.push(text.write(message));
    return concat(...parts);
  },
  read: (value) => {
    const short = unsigned(2);
    const result = short.read(value.subarray(0, 2));
    if (result === undefined) return undefined;
    const error = short.read(value.subarray(2, 4));
    if (error === undefined) return value.length === 2 ? { result } : undefined;
    return value.length === 4
      ? { result, error }
      : { result, error, message: text.read(value.subarray(4)) ?? '' };
  },
};

function define<T>(type: number, name: string, mandatory: boolean, format: Format<T>): Attribute<T> {
  const isThis = (avp: Avp) => avp.vendorId === 0 && avp.type === type && !avp.hidden && !avp.reserved;
  return {
    name,
    type,
    avp: (value) => {
      return { mandatory, hidden: false, reserved: false, vendorId: 0, type, value: format.write(value) };
    },
    in: (avps) => {
      const found = avps.find(isThis);
      return found === undefined ? undefined : format.read(found.value);
    },
    wellFormed: (avp) => format.read(avp.value) !== undefined,
  };
}

const M = true;
const notM = false;

/** RFC 2661 4.4. What is not here is unknown to this stack. */
export const attribute = {
  messageType: define(0, 'Message Type', M, unsigned(2)),
  resultCode: define(1, 'Result Code', M, resultCode),
  protocolVersion: define(2, 'Protocol Version', M, protocolVersion),
  framingCapabilities: define(3, 'Framing Capabilities', M, unsigned(4)),
  bearerCapabilities: define(4, 'Bearer Capabilities', M, unsigned(4)),
  tieBreaker: define(5, 'Tie Breaker', notM, octets),
  firmwareRevision: define(6, 'Firmware Revision', notM, unsigned(2)),
  hostName: define(7, 'Host Name', M, text),
  vendorName: define(8, 'Vendor Name', notM, text),
  assignedTunnelId: define(9, 'Assigned Tunnel ID', M, unsigned(2)),
  receiveWindowSize: define(10, 'Receive Window Size', M, unsigned(2)),
  challenge: define(11, 'Challenge', M, octets),
  q931CauseCode: define(12, 'Q.931 Cause Code', M, octets),
  challengeResponse: define(13, 'Challenge Response', M, octets),
  assignedSessionId: define(14, 'Assigned Session ID', M, unsigned(2)),
  callSerialNumber: define(15, 'Call Serial Number', M, unsigned(4)),
  minimumBps: define(16, 'Minimum BPS', M, unsigned(4)),
  maximumBps: define(17, 'Maximum BPS', M, unsigned(4)),
  bearerType: define(18, 'Bearer Type', M, unsigned(4)),
  framingType: define(19, 'Framing Type', M, unsigned(4)),
  calledNumber: define(21, 'Called Number', M, text),
  callingNumber: define(22, 'Calling Number', M, text),
  subAddress: define(23, 'Sub-Address', M, text),
  txConnectSpeed: define(24, '(Tx) Connect Speed', M, unsigned(4)),
  physicalChannelId: define(25, 'Physical Channel ID', notM, unsigned(4)),
  initialReceivedLcpConfReq: define(26, 'Initial Received LCP CONFREQ', notM, octets),
  lastSentLcpConfReq: define(27, 'Last Sent LCP CONFREQ', notM, octets),
  lastReceivedLcpConfReq: define(28, 'Last Received LCP CONFREQ', notM, octets),
  proxyAuthenType: define(29, 'Proxy Authen Type', notM, unsigned(2)),
  proxyAuthenName: define(30, 'Proxy Authen Name', notM, octets),
  proxyAuthenChallenge: define(31, 'Proxy Authen Challenge', notM, octets),
  proxyAuthenId: define(32, 'Proxy Authen ID', notM, unsigned(2)),
  proxyAuthenResponse: define(33, 'Proxy Authen Response', notM, octets),
  callErrors: define(34, 'Call Errors', M, octets),
  accm: define(35, 'ACCM', M, octets),
  randomVector: define(36, 'Random Vector', M, octets),
  privateGroupId: define(37, 'Private Group ID', notM, octets),
  rxConnectSpeed: define(38, 'Rx Connect Speed', notM, unsigned(4)),
  sequencingRequired: define(39, 'Sequencing Required', M, flag),
};

/** RFC 2661's names, each in one word. */
export type AttributeName = keyof typeof attribute;

const byType = new Map<number, Pick<Attribute<unknown>, 'name' | 'type' | 'wellFormed'>>(
  Object.values(attribute).map((row) => [row.type, row]),
);

/** The row for a clear AVP of RFC 2661, `undefined` for what this stack does not recognise. */
export function attributeOf(avp: Avp) {
  return avp.vendorId === 0 && !avp.reserved ? byType.get(avp.type) : undefined;
}
