import { concat, equalOctets, fromHex, readUint, uint16, uint32, utf8 } from '../octets.ts';
import type { IdentificationText } from './config.ts';
import { encodePacket, PacketCode } from './packet.ts';
import { rasErrorText } from './ras-error.ts';

/** LCP packets that begin with a magic number: Echo-Request and Echo-Reply (RFC 1661 5.8). */
export function echo(code: number, identifier: number, magic: Uint8Array, data: Uint8Array): Uint8Array {
  return encodePacket({ code, identifier, data: concat(magic, data) });
}

/** RFC 1570 2.1: a text that says what the sender is. */
export function identification(identifier: number, magic: Uint8Array, text: IdentificationText): Uint8Array {
  const message = typeof text === 'string' ? utf8(text) : fromHex(text.hex);
  return echo(PacketCode.identification, identifier, magic, message);
}

/** RFC 1661 5.7: the rejected information is cut to what the MRU leaves. */
export function protocolReject(
  identifier: number,
  protocol: number,
  information: Uint8Array,
  mru: number,
): Uint8Array {
  const room = Math.max(0, mru - 6);
  const data = concat(uint16(protocol), information.subarray(0, room));
  return encodePacket({ code: PacketCode.protocolReject, identifier, data });
}

/** Whether an Echo-Reply carries our own magic number: it comes from a looped link (RFC 1661 6.4). */
export function isLooped(data: Uint8Array, magic: Uint8Array): boolean {
  return magic.some((octet) => octet !== 0) && equalOctets(data.subarray(0, 4), magic);
}

/** Windows ends a link with magic number, these four octets and a RAS error number (the field facts). */
const windowsMark = fromHex('003ccd74');

/** The data of a Terminate-Request of Windows. */
export function windowsTerminateData(magic: Uint8Array, error: number): Uint8Array {
  return concat(magic, windowsMark, uint32(error));
}

/** Why the peer ends the link. */
export interface TerminateReason {
  /** To follow "terminated": a Windows reason, a text, or nothing. */
  readonly text: string;
  readonly errorNumber?: number;
}

/** Reads the data of a Terminate-Request. */
export function terminateReason(data: Uint8Array): TerminateReason {
  if (data.length === 12 && equalOctets(data.subarray(4, 8), windowsMark)) {
    const errorNumber = readUint(data, 8, 4);
    return { text: `, Windows reason ${rasErrorText(errorNumber)}`, errorNumber };
  }
  const text = Buffer.from(data).toString('latin1');
  return { text: /^[\x20-\x7e]+$/.test(text) ? `: ${text}` : '' };
}
