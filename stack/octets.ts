import { timingSafeEqual } from 'node:crypto';

/** Small helpers over octet strings in network order; offsets are checked by the caller. */

/**
 * Octets that hold anything yet: the caller writes every one of them. Short ones share a buffer, which costs a sixth of
 * one each; every layer of every packet asks for some.
 */
export function unwritten(length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  return new Uint8Array(buffer, byteOffset, length);
}

/** A copy in a buffer of nobody's own, as `unwritten` gives it. */
export function copied(octets: Uint8Array): Uint8Array {
  const copy = unwritten(octets.length);
  copy.set(octets);
  return copy;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = unwritten(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function uint8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** The unsigned number in `length` octets at `offset`; 0 where the buffer ends early. */
export function readUint(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let index = offset; index < offset + length; index++) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

/** Equality of public values; what proves a secret compares by `sameSecret`. */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** Equality in constant time, for hashes and MACs; their length is no secret. */
export function sameSecret(received: Uint8Array, expected: Uint8Array): boolean {
  return received.length === expected.length && timingSafeEqual(received, expected);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** Octets of a hexadecimal text; callers pass literals and checked configuration. */
export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * The text of octets; what is no UTF-8 reads as U+FFFD. A byte order mark is part of it: names that differ by one are
 * not the same name.
 */
export function utf8Text(octets: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets);
}
