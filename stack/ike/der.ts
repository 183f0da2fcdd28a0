import { concat, fromHex, uint8, uint16 } from '../octets.ts';

/* As much of DER (ITU-T X.690) as it takes to hand OpenSSL a Diffie-Hellman key. */

/** The object identifier dhKeyAgreement, 1.2.840.113549.1.3.1 (PKCS #3). */
export const dhKeyAgreement = fromHex('06092a864886f70d010301');

/** A whole number of no sign, given in big-endian octets. */
export function derInteger(magnitude: Uint8Array): Uint8Array {
  const significant = magnitude.findIndex((octet) => octet !== 0);
  const octets = significant < 0 ? uint8(0) : magnitude.subarray(significant);
  // The top bit is the sign.
  return element(0x02, (octets[0] ?? 0) >= 0x80 ? concat(uint8(0), octets) : octets);
}

export function derBitString(content: Uint8Array): Uint8Array {
  return element(0x03, concat(uint8(0), content));
}

export function derOctetString(content: Uint8Array): Uint8Array {
  return element(0x04, content);
}

export function derSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return element(0x30, concat(...elements));
}

/** Tag, length, content of less than 65536 octets. */
function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  if (length < 0x80) return concat(uint8(tag), uint8(length), content);
  if (length < 0x100) return concat(uint8(tag), uint8(0x81), uint8(length), content);
  return concat(uint8(tag), uint8(0x82), uint16(length), content);
}
