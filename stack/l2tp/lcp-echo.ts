import { readUint } from '../octets.ts';

const linkControl = 0xc021;
const echoRequest = 9;
const echoReply = 10;

/** Whether a PPP frame, with or without FF 03, is what keeps a link alive (RFC 1661 5.8, RFC 2661 3.1: the P bit). */
export function isLcpEcho(frame: Uint8Array): boolean {
  const start = frame[0] === 0xff && frame[1] === 0x03 ? 2 : 0;
  const code = frame[start + 2];
  return readUint(frame, start, 2) === linkControl && (code === echoRequest || code === echoReply);
}
