import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { answersChallenge, challengeResponse } from './tunnel-authentication.ts';

const secret = 'tunnel secret';
const challenge = fromHex('00112233445566778899aabbccddeeff');

// RFC 2661 gives no vectors: computed with Python's hashlib as RFC 1994 4.1 says, MD5 over identifier,
// secret and challenge, with the message type for an identifier (RFC 2661 4.4.3).
test('the response is the CHAP digest with the message type for an identifier', () => {
  expect(hex(challengeResponse(2, secret, challenge))).toBe('bb4f5500f96cd8494ed3ba528197b86f');
  expect(hex(challengeResponse(3, secret, challenge))).toBe('aabf11587e0dfed28bb7b48492c96730');
});

test('the response of the other message, and that to another secret, are wrong', () => {
  const response = challengeResponse(2, secret, challenge);
  expect(answersChallenge(2, secret, challenge, response)).toBe(true);
  expect(answersChallenge(3, secret, challenge, response)).toBe(false);
  expect(answersChallenge(2, 'another', challenge, response)).toBe(false);
  expect(answersChallenge(2, secret, challenge, response.subarray(1))).toBe(false);
});
