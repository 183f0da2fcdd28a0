import { createHash } from 'node:crypto';
import { sameSecret, utf8 } from '../octets.ts';

/** Message Type of the message that carries the response: SCCRP 2, SCCCN 3. */
export type RespondingMessage = 2 | 3;

/**
 * Challenge Response (RFC 2661 4.4.3, 5.1.1): CHAP's digest (RFC 1994 4.1), whose identifier is the type
 * of the message that carries it.
 */
export function challengeResponse(
  message: RespondingMessage,
  secret: string,
  challenge: Uint8Array,
): Uint8Array {
  const hash = createHash('md5').update(Uint8Array.of(message)).update(utf8(secret)).update(challenge);
  return new Uint8Array(hash.digest());
}

/** Whether `response` is the right one. */
export function answersChallenge(
  message: RespondingMessage,
  secret: string,
  challenge: Uint8Array,
  response: Uint8Array,
): boolean {
  return sameSecret(response, challengeResponse(message, secret, challenge));
}
