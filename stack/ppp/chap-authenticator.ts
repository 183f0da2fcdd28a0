import type { Instant, RandomSource } from '../engine.ts';
import { utf8 } from '../octets.ts';
import { gapAfter } from '../retransmission.ts';
import type { ChapAuthentication } from './authentication.ts';
import type { AuthenticationEnd, AuthenticationStep, Unauthenticated } from './authentication-end.ts';
import { type ChapAlgorithm, type ChapChallenge, chapAlgorithms, withoutDomain } from './chap-algorithm.ts';
import { ChapCode, decodeChapValue, encodeChapValue } from './chap-packet.ts';
import type { PppAccount, PppServerConfig } from './config.ts';
import { PppProtocol } from './frame.ts';
import { MsChapError } from './ms-chap-failure.ts';
import { encodePacket, type Packet } from './packet.ts';
import { rasErrorText } from './ras-error.ts';

/** RFC 2759 6: a permitted retry "disables short timeouts", because a person types. */
const typingMs = 60_000;

/**
 * The server's end of CHAP (RFC 1994): it challenges, and repeats its verdict for every repeated Response (4.2).
 * MS-CHAP may allow further attempts; nobody may change a password here.
 */
export class ChapAuthenticator implements AuthenticationEnd {
  readonly protocol = PppProtocol.chap;
  deadline: Instant | undefined;
  /** The last attempt was refused, and the client may answer that. */
  standingRefusal: Unauthenticated | undefined;
  readonly #config: PppServerConfig;
  readonly #algorithm: ChapAlgorithm;
  readonly #speaksMsChap: boolean;
  readonly #nextIdentifier: () => number;
  readonly #random: RandomSource;
  /** What a Response must answer; absent where none is awaited. */
  #challenge: ChapChallenge | undefined;
  #transmissions = 0;
  #retries: number;
  #verdict: { readonly identifier: number; readonly packet: Uint8Array } | undefined;

  constructor(
    config: PppServerConfig,
    authentication: ChapAuthentication,
    nextIdentifier: () => number,
    random: RandomSource,
  ) {
    this.#config = config;
    this.#algorithm = chapAlgorithms[authentication];
    this.#speaksMsChap = authentication !== 'chap-md5';
    this.#nextIdentifier = nextIdentifier;
    this.#random = random;
    this.#retries = this.#speaksMsChap ? (config.authenticationRetries ?? 0) : 0;
  }

  start(now: Instant): AuthenticationStep {
    this.#transmissions = 0;
    return this.#ask(now);
  }

  receive(packet: Packet, now: Instant): AuthenticationStep {
    const { code, identifier } = packet;
    if (this.#algorithm.changePasswordCodes.includes(code)) return this.#refuseChange(identifier);
    if (code !== ChapCode.response) return {};
    if (identifier === this.#verdict?.identifier) return { packet: this.#verdict.packet };
    const challenge = this.#challenge;
    const response = decodeChapValue(packet.data);
    if (identifier !== challenge?.identifier || !response.ok) return {};
    const { name, value } = response.value;
    const account = this.#config.user(name) ?? this.#config.user(withoutDomain(name));
    const success = account && this.#algorithm.verify(challenge, name, account.password, value);
    if (success === undefined) return this.#refuse(identifier, name, account, undefined, now);
    if (account?.refusal !== undefined) return this.#refuse(identifier, name, account, account.refusal, now);
    return this.#grant(identifier, name, success, now);
  }

  tick(now: Instant): AuthenticationStep {
    if (this.deadline === undefined || now < this.deadline) return {};
    if (this.standingRefusal !== undefined) return this.#settle(this.standingRefusal);
    if (this.#challenge === undefined) return this.start(now);
    if (this.#transmissions < this.#config.retransmission.transmissions) return this.#ask(now);
    const detail = 'the peer does not answer the challenge';
    return this.#settle({ authenticated: false, reason: 'no-answer', detail });
  }

  /** RFC 1994 4.1: each challenge that is sent has an identifier and a value of its own. */
  #ask(now: Instant): AuthenticationStep {
    const value = this.#random(this.#algorithm.challengeLength);
    const identifier = this.#nextIdentifier();
    this.#challenge = { identifier, value };
    this.#verdict = undefined;
    this.#transmissions++;
    this.deadline = now + gapAfter(this.#config.retransmission, this.#transmissions);
    const data = encodeChapValue({ value, name: this.#config.name });
    return { packet: encodePacket({ code: ChapCode.challenge, identifier, data }) };
  }

  #grant(identifier: number, user: string, message: string, now: Instant): AuthenticationStep {
    const { rechallengeSeconds } = this.#config;
    this.#challenge = undefined;
    this.standingRefusal = undefined;
    this.deadline = rechallengeSeconds === undefined ? undefined : now + rechallengeSeconds * 1000;
    const packet = this.#judge(ChapCode.success, identifier, message);
    return { packet, outcome: { authenticated: true, user } };
  }

  /** @param refusal why the account may not come in although the answer is right */
  #refuse(
    identifier: number,
    name: string,
    account: PppAccount | undefined,
    refusal: number | undefined,
    now: Instant,
  ): AuthenticationStep {
    const retry = refusal === undefined && this.#retries > 0;
    const error = refusal ?? MsChapError.authenticationFailure;
    const challenge = this.#random(this.#algorithm.challengeLength);
    const packet = this.#judge(
      ChapCode.failure,
      identifier,
      this.#algorithm.failureMessage({ error, retry, challenge }),
    );
    const outcome: Unauthenticated = {
      authenticated: false,
      reason: 'auth-failed',
      detail: `${whatIsWrong(account, refusal)}: ${JSON.stringify(name)}`,
      ...(this.#speaksMsChap && { errorNumber: error }),
    };
    if (retry) {
      this.#retries--;
      // RFC 2759 6: the next Response answers the challenge of the Failure, under the next identifier.
      this.#challenge = { identifier: (identifier + 1) & 0xff, value: challenge };
    }
    const mayChange = error === MsChapError.passwordExpired && this.#speaksMsChap;
    if (!retry && !mayChange) return { packet, ...this.#settle(outcome) };
    if (mayChange) this.#challenge = undefined;
    this.standingRefusal = outcome;
    this.deadline = now + typingMs;
    return { packet };
  }

  /** RFC 2759 7: a Change-Password answers E=648 alone, and here it is refused with E=709. */
  #refuseChange(identifier: number): AuthenticationStep {
    if (this.standingRefusal?.errorNumber !== MsChapError.passwordExpired) return {};
    const challenge = this.#random(this.#algorithm.challengeLength);
    const error = MsChapError.changingPassword;
    const message = this.#algorithm.failureMessage({ error, retry: false, challenge });
    const outcome = this.standingRefusal;
    return { packet: this.#judge(ChapCode.failure, identifier, message), ...this.#settle(outcome) };
  }

  #judge(code: number, identifier: number, message: string): Uint8Array {
    const packet = encodePacket({ code, identifier, data: utf8(message) });
    this.#verdict = { identifier, packet };
    return packet;
  }

  #settle(outcome: Unauthenticated): AuthenticationStep {
    this.#challenge = undefined;
    this.standingRefusal = undefined;
    this.deadline = undefined;
    return { outcome };
  }
}

function whatIsWrong(account: PppAccount | undefined, refusal: number | undefined): string {
  if (account === undefined) return 'no such user';
  return refusal === undefined ? 'wrong password' : `refused with ${rasErrorText(refusal)}`;
}
