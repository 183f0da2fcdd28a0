/** RFC 2408 3.4, 3.7: the payload types that begin and carry a Diffie-Hellman exchange, and none. */
const keyExchange = 4;
const headerLength = 28;
const encryptionFlag = 0x01;

/**
 * Octets of the public values of IKE's groups: MODP 768 to 8192, each padded to the length of its prime (RFC 2409
 * 5), and the curves of 256, 384 and 521 bits (RFC 5903 7).
 */
const wholeLengths = [96, 128, 192, 256, 384, 512, 768, 1024, 64, 132];

/** Octets of the public value in an ISAKMP message that is not encrypted; `undefined` where none can be read. */
export function publicValueLength(message: Uint8Array): number | undefined {
  const octet = (at: number) => message[at] ?? 0;
  if (message.length < headerLength || (octet(19) & encryptionFlag) !== 0) return undefined;
  let type = octet(16);
  let at = headerLength;
  while (type !== 0 && at + 4 <= message.length) {
    const length = octet(at + 2) * 256 + octet(at + 3);
    if (length < 4 || at + length > message.length) return undefined;
    if (type === keyExchange) return length - 4;
    type = octet(at);
    at += length;
  }
  return undefined;
}

/** Whether a public value has the length of any group: one whose leading zero was left out has not. */
export function isWholePublicValue(octets: number): boolean {
  return wholeLengths.includes(octets);
}
