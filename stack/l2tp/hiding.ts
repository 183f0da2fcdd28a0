import { createHash } from 'node:crypto';
import { concat, readUint, uint16, utf8 } from '../octets.ts';

const block = 16;
const lengthField = 2;

function md5(...parts: readonly Uint8Array[]): Uint8Array {
  return parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest();
}

/**
 * RFC 2661 4.3: each block of 16 octets is XORed with a digest, the first one of attribute type, secret
 * and random vector, each other one of secret and the hidden block before it.
 */
function mask(
  type: number,
  secret: string,
  randomVector: Uint8Array,
  octets: Uint8Array,
  direction: 'hide' | 'reveal',
): Uint8Array {
  const key = utf8(secret);
  const masked = new Uint8Array(octets.length);
  let digest = md5(uint16(type), key, randomVector);
  for (let start = 0; start < octets.length; start += block) {
    const end = Math.min(start + block, octets.length);
    for (let index = start; index < end; index++) {
      masked[index] = (octets[index] ?? 0) ^ (digest[index - start] ?? 0);
    }
    const hidden = direction === 'hide' ? masked : octets;
    digest = md5(key, hidden.subarray(start, end));
  }
  return masked;
}

/**
 * The value of a hidden AVP (RFC 2661 4.3).
 *
 * @param padding random octets that mask the value's length
 */
export function hideValue(
  type: number,
  secret: string,
  randomVector: Uint8Array,
  value: Uint8Array,
  padding: Uint8Array,
): Uint8Array {
  return mask(type, secret, randomVector, concat(uint16(value.length), value, padding), 'hide');
}

/** The value that was hidden; `undefined` for what another secret hid, as far as its length shows that. */
export function revealValue(
  type: number,
  secret: string,
  randomVector: Uint8Array,
  hidden: Uint8Array,
): Uint8Array | undefined {
  const clear = mask(type, secret, randomVector, hidden, 'reveal');
  const length = readUint(clear, 0, lengthField);
  if (clear.length < lengthField + length) return undefined;
  return clear.subarray(lengthField, lengthField + length);
}

/** Octets of padding that fill up the last block of a hidden value, so that short ones all look alike. */
export function paddingFor(valueLength: number): number {
  const over = (lengthField + valueLength) % block;
  return over === 0 ? 0 : block - over;
}
