import { code, encodePacket } from './packet.ts';

/** LCP packets that begin with a magic number: Echo-Request and Echo-Reply (RFC 1661 5.8). */
export function echo(
  packetCode: number,
  identifier: number,
  magic: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  return encodePacket({ code: packetCode, identifier, data: Buffer.concat([magic, data]) });
}

/** RFC 1570 2.1: a text that says what the sender is. */
export function identification(identifier: number, magic: Uint8Array, text: string): Uint8Array {
  return echo(code.identification, identifier, magic, Buffer.from(text, 'utf8'));
}

/** RFC 1661 5.7: the rejected information is cut to what the MRU leaves. */
export function protocolReject(
  identifier: number,
  protocol: number,
  information: Uint8Array,
  mru: number,
): Uint8Array {
  const room = Math.max(0, mru - 6);
  const data = Buffer.concat([Uint8Array.of(protocol >> 8, protocol & 0xff), information.subarray(0, room)]);
  return encodePacket({ code: code.protocolReject, identifier, data });
}

/** Whether an Echo-Reply carries our own magic number: it comes from a looped link (RFC 1661 6.4). */
export function isLooped(data: Uint8Array, magic: Uint8Array): boolean {
  return magic.some((octet) => octet !== 0) && Buffer.compare(data.subarray(0, 4), magic) === 0;
}

/** Windows ends a link with magic number, these four octets and a RAS error number (the field facts). */
const WINDOWS_MARK = Buffer.from('003ccd74', 'hex');

/** The data of a Terminate-Request in words, to follow "terminated": a Windows reason, a text, or nothing. */
export function terminateText(data: Uint8Array): string {
  if (data.length === 12 && WINDOWS_MARK.equals(data.subarray(4, 8))) {
    return `, Windows reason ${Buffer.from(data).readUInt32BE(8)}`;
  }
  const text = Buffer.from(data).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? `: ${text}` : '';
}
