import { createHash } from 'node:crypto';
import type { RandomSource } from '../engine.ts';
import { hex, sameSecret, utf8 } from '../octets.ts';
import { decodeMsChapV2Response, encodeMsChapV2Response } from './chap-packet.ts';
import type { PppAuthentication } from './config.ts';
import { generateAuthenticatorResponse, generateNtResponse } from './ms-chap-v2.ts';

/** A Response's value, and how to tell whether the Success that answers it is the authenticator's. */
export interface ChapAnswer {
  readonly value: Uint8Array;
  readonly proves: (successMessage: string) => boolean;
}

/** How one CHAP algorithm answers a challenge and how it judges an answer. */
export interface ChapAlgorithm {
  answer(challenge: ChapChallenge, name: string, password: string, random: RandomSource): ChapAnswer;
  /** The message of Success where the value is right, `undefined` where it is wrong. */
  verify(challenge: ChapChallenge, name: string, password: string, value: Uint8Array): string | undefined;
  failureMessage(random: RandomSource): string;
}

export interface ChapChallenge {
  readonly identifier: number;
  readonly value: Uint8Array;
}

/** RFC 1994 4.1: MD5 over identifier, secret and challenge. */
export function chapMd5(challenge: ChapChallenge, secret: string): Uint8Array {
  return createHash('md5')
    .update(Uint8Array.of(challenge.identifier))
    .update(secret, 'utf8')
    .update(challenge.value)
    .digest();
}

/** RFC 2759 4: a Windows domain before the user name takes no part in the hashes. */
export function withoutDomain(name: string): string {
  return name.slice(name.indexOf('\\') + 1);
}

export const chapAlgorithms: Record<PppAuthentication, ChapAlgorithm> = {
  'chap-md5': {
    answer: (challenge, _name, password) => ({ value: chapMd5(challenge, password), proves: () => true }),
    verify: (challenge, _name, password, value) =>
      sameSecret(value, chapMd5(challenge, password)) ? 'Access granted' : undefined,
    failureMessage: () => 'Access denied',
  },
  'ms-chap-v2': {
    answer: (challenge, name, password, random) => {
      const peerChallenge = random(16);
      const user = withoutDomain(name);
      const ntResponse = generateNtResponse(challenge.value, peerChallenge, user, password);
      const value = encodeMsChapV2Response({ peerChallenge, ntResponse });
      const proof = generateAuthenticatorResponse(password, ntResponse, peerChallenge, challenge.value, user);
      const proves = (message: string) => sameSecret(utf8(message.slice(0, proof.length)), utf8(proof));
      return { value, proves };
    },
    verify: (challenge, name, password, value) => {
      const response = decodeMsChapV2Response(value);
      if (!response.ok) return undefined;
      const { peerChallenge, ntResponse } = response.value;
      const user = withoutDomain(name);
      const expected = generateNtResponse(challenge.value, peerChallenge, user, password);
      if (!sameSecret(ntResponse, expected)) return undefined;
      const proof = generateAuthenticatorResponse(password, ntResponse, peerChallenge, challenge.value, user);
      return `${proof} M=Access granted`;
    },
    // RFC 2759 6: 691 is ERROR_AUTHENTICATION_FAILURE; no retry is offered; V is the protocol's 3.
    failureMessage: (random) => `E=691 R=0 C=${hex(random(16)).toUpperCase()} V=3 M=Access denied`,
  },
};
