import { expect, test } from 'vitest';
import { md4 } from './md4.ts';
import {
  challengeHash,
  challengeResponse,
  desKey,
  generateAuthenticatorResponse,
  generateNtResponse,
  ntPasswordHash,
} from './ms-chap-v2.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const text = (octets: Uint8Array) => Buffer.from(octets).toString('hex').toUpperCase();

// RFC 2759 9.2.
const user = 'User';
const password = 'clientPass';
const authenticatorChallenge = hex('5B5D7C7D7B3F2F3E3C2C602132262628');
const peerChallenge = hex('21402324255E262A28295F2B3A337C7E');
const challenge = 'D02E4386BCE91226';
const passwordHash = '44EBBA8D5312B8D611474411F56989AE';
const ntResponse = '82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF';

test('Challenge', () => {
  expect(text(challengeHash(peerChallenge, authenticatorChallenge, user))).toBe(challenge);
});

test('PasswordHash and PasswordHashHash', () => {
  expect(text(ntPasswordHash(password))).toBe(passwordHash);
  expect(text(md4(hex(passwordHash)))).toBe('41C00C584BD2D91C4017A2A12FA59F3F');
});

test('NT-Response', () => {
  expect(text(challengeResponse(hex(challenge), hex(passwordHash)))).toBe(ntResponse);
  expect(text(generateNtResponse(authenticatorChallenge, peerChallenge, user, password))).toBe(ntResponse);
});

test('AuthenticatorResponse', () => {
  expect(
    generateAuthenticatorResponse(password, hex(ntResponse), peerChallenge, authenticatorChallenge, user),
  ).toBe('S=407A5589115FD0D6209F510FE9C04566932CDA56');
});

test('DES keys of RFC 2759 9.3', () => {
  expect(text(ntPasswordHash('MyPw'))).toBe('FC156AF7EDCD6C0EDDE3337D427F4EAC');
  expect(text(desKey(hex('FC156AF7EDCD6C')))).toBe('FD0B5B5E7F6E34D9');
  expect(text(desKey(hex('0EDDE3337D427F')))).toBe('0E6E796737EA08FE');
});
