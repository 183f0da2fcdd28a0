import { createHash } from 'node:crypto';
import type { RandomSource } from '../engine.ts';
import { sameSecret, utf8 } from '../octets.ts';
import type { ChapAuthentication } from './authentication.ts';
import { decodeMsChapV2Response, encodeMsChapV2Response } from './chap-packet.ts';
import { encodeMsChapFailure } from './ms-chap-failure.ts';
import { decodeMsChapV1Response, encodeMsChapV1Response, ntChallengeResponse } from './ms-chap-v1.ts';
import { generateAuthenticatorResponse, generateNtResponse } from './ms-chap-v2.ts';

/** A Response's value, and how to tell whether the Success that answers it is the authenticator's. */
export interface ChapAnswer {
  readonly value: Uint8Array;
  readonly proves: (successMessage: string) => boolean;
}

/** Why a Response is refused; an algorithm that says nothing of the kind ignores it. */
export interface ChapRefusal {
  readonly error: number;
  /** The challenge that another Response may answer. */
  readonly challenge: Uint8Array;
  readonly retry: boolean;
}

/** How one CHAP algorithm answers a challenge and how it judges an answer. */
export interface ChapAlgorithm {
  /** Octets of a challenge. */
  readonly challengeLength: number;
  /** Codes of its Change-Password packets, which are all refused. */
  readonly changePasswordCodes: readonly number[];
  answer(challenge: ChapChallenge, name: string, password: string, random: RandomSource): ChapAnswer;
  /** The message of Success where the value is right, `undefined` where it is wrong. */
  verify(challenge: ChapChallenge, name: string, password: string, value: Uint8Array): string | undefined;
  /** The message of Failure. */
  failureMessage(refusal: ChapRefusal): string;
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

export const chapAlgorithms: Record<ChapAuthentication, ChapAlgorithm> = {
  'chap-md5': {
    challengeLength: 16,
    changePasswordCodes: [],
    answer: (challenge, _name, password) => ({ value: chapMd5(challenge, password), proves: () => true }),
    verify: (challenge, _name, password, value) =>
      sameSecret(value, chapMd5(challenge, password)) ? 'Access granted' : undefined,
    failureMessage: () => 'Access denied',
  },
  'ms-chap-v1': {
    // RFC 2433 3.
    challengeLength: 8,
    // RFC 2433 7, 8.
    changePasswordCodes: [5, 6],
    answer: (challenge, _name, password) => ({
      value: encodeMsChapV1Response(ntChallengeResponse(challenge.value, password)),
      proves: () => true,
    }),
    verify: (challenge, _name, password, value) => {
      const response = decodeMsChapV1Response(value);
      if (!response.ok || !response.value.usesNtResponse) return undefined;
      const expected = ntChallengeResponse(challenge.value, password);
      return sameSecret(response.value.ntResponse, expected) ? 'Access granted' : undefined;
    },
    // RFC 2433 6: V is the version of Change-Password, 2; there is no M=.
    failureMessage: (refusal) => encodeMsChapFailure({ ...refusal, version: 2 }),
  },
  'ms-chap-v2': {
    challengeLength: 16,
    // RFC 2759 7.
    changePasswordCodes: [7],
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
    // RFC 2759 6: V is the protocol's 3.
    failureMessage: (refusal) => encodeMsChapFailure({ ...refusal, version: 3, message: 'Access denied' }),
  },
};
