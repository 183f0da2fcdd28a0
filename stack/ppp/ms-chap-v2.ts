import { createCipheriv, createHash } from 'node:crypto';
import { concat, hex, utf8 } from '../octets.ts';
import { md4 } from './md4.ts';

/** The routines of RFC 2759 section 8, by their names there. */

/** 8.2: the 8 octets that both challenges and the user name come down to. */
export function challengeHash(
  peerChallenge: Uint8Array,
  authenticatorChallenge: Uint8Array,
  userName: string,
): Uint8Array {
  return sha1(peerChallenge, authenticatorChallenge, utf8(userName)).subarray(0, 8);
}

/** 8.3: MD4 over the password in little-endian UTF-16. */
export function ntPasswordHash(password: string): Uint8Array {
  return md4(Buffer.from(password, 'utf16le'));
}

/** 8.5: the challenge under three DES keys cut from the password hash. */
export function challengeResponse(challenge: Uint8Array, passwordHash: Uint8Array): Uint8Array {
  const padded = new Uint8Array(21);
  padded.set(passwordHash);
  return concat(...[0, 7, 14].map((start) => desEncrypt(challenge, padded.subarray(start, start + 7))));
}

/** 8.1: the 24 octets of NT-Response. */
export function generateNtResponse(
  authenticatorChallenge: Uint8Array,
  peerChallenge: Uint8Array,
  userName: string,
  password: string,
): Uint8Array {
  const challenge = challengeHash(peerChallenge, authenticatorChallenge, userName);
  return challengeResponse(challenge, ntPasswordHash(password));
}

const magic1 = utf8('Magic server to client signing constant');
const magic2 = utf8('Pad to make it do more than one iteration');

/** 8.7: "S=" and 40 upper-case hexadecimal digits, with which the authenticator proves that it knows the password. */
export function generateAuthenticatorResponse(
  password: string,
  ntResponse: Uint8Array,
  peerChallenge: Uint8Array,
  authenticatorChallenge: Uint8Array,
  userName: string,
): string {
  const passwordHashHash = md4(ntPasswordHash(password));
  const digest = sha1(passwordHashHash, ntResponse, magic1);
  const challenge = challengeHash(peerChallenge, authenticatorChallenge, userName);
  return `S=${hex(sha1(digest, challenge, magic2)).toUpperCase()}`;
}

/** 9.3: seven octets of key spread over eight, each with odd parity in its lowest bit. */
export function desKey(raw: Uint8Array): Uint8Array {
  const bits = BigInt(`0x${hex(raw)}`);
  return Uint8Array.from({ length: 8 }, (_, index) => {
    const seven = Number((bits >> BigInt(49 - 7 * index)) & 0x7fn);
    const ones = seven.toString(2).replaceAll('0', '').length;
    return (seven << 1) | (ones % 2 === 0 ? 1 : 0);
  });
}

/** 8.6, one block. Triple DES under one key thrice is single DES, which OpenSSL keeps in its legacy provider. */
function desEncrypt(clear: Uint8Array, rawKey: Uint8Array): Uint8Array {
  const key = desKey(rawKey);
  const cipher = createCipheriv('des-ede3', concat(key, key, key), null).setAutoPadding(false);
  return concat(cipher.update(clear), cipher.final());
}

function sha1(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
