import type { Instant, RandomSource } from '../engine.ts';
import { equalOctets, utf8Text } from '../octets.ts';
import { gapAfter, wholeInterval } from '../retransmission.ts';
import type { ChapAuthentication } from './authentication.ts';
import type { AuthenticationEnd, AuthenticationStep } from './authentication-end.ts';
import { type ChapAlgorithm, type ChapAnswer, type ChapChallenge, chapAlgorithms } from './chap-algorithm.ts';
import { ChapCode, decodeChapValue, encodeChapValue } from './chap-packet.ts';
import type { PppClientConfig } from './config.ts';
import { PppProtocol } from './frame.ts';
import { decodeMsChapFailure } from './ms-chap-failure.ts';
import { encodePacket, type Packet } from './packet.ts';
import { printable } from './printable.ts';
import { RasError, rasErrorText } from './ras-error.ts';

interface Answered extends ChapAnswer {
  readonly challenge: ChapChallenge;
  readonly packet: Uint8Array;
  judged: boolean;
}

/**
 * The client's end of CHAP: it answers every challenge, also on a link that is up (RFC 1994 4.1), and repeats its
 * answer until it hears the verdict, which may have been lost (4.2). The same challenge gets the same answer.
 */
export class ChapPeer implements AuthenticationEnd {
  readonly protocol = PppProtocol.chap;
  deadline: Instant | undefined;
  readonly #config: PppClientConfig;
  readonly #algorithm: ChapAlgorithm;
  readonly #speaksMsChap: boolean;
  readonly #random: RandomSource;
  /** What the user has not typed yet. */
  readonly #passwords: string[];
  #password: string;
  #answered: Answered | undefined;
  #transmissions = 0;

  constructor(config: PppClientConfig, authentication: ChapAuthentication, random: RandomSource) {
    this.#config = config;
    this.#algorithm = chapAlgorithms[authentication];
    this.#speaksMsChap = authentication !== 'chap-md5';
    this.#random = random;
    this.#password = config.password;
    this.#passwords = [...(config.retryPasswords ?? [])];
  }

  /** Waits for the challenge. */
  start(now: Instant): AuthenticationStep {
    this.deadline = now + wholeInterval(this.#config.retransmission);
    return {};
  }

  receive(packet: Packet, now: Instant): AuthenticationStep {
    if (packet.code === ChapCode.challenge) return this.#challenged(packet, now);
    const answered = this.#answered;
    if (answered === undefined || answered.judged || answered.challenge.identifier !== packet.identifier) {
      return {};
    }
    if (packet.code === ChapCode.success) return this.#granted(answered, packet);
    return packet.code === ChapCode.failure ? this.#refused(answered, packet, now) : {};
  }

  tick(now: Instant): AuthenticationStep {
    if (this.deadline === undefined || now < this.deadline) return {};
    if (this.#answered && this.#transmissions < this.#config.retransmission.transmissions) {
      return this.#send(this.#answered.packet, now);
    }
    this.deadline = undefined;
    const what = this.#answered === undefined ? 'challenge' : 'verdict on the response';
    const detail = `no ${what} came from the peer`;
    return { outcome: { authenticated: false, reason: 'no-answer', detail } };
  }

  #challenged(packet: Packet, now: Instant): AuthenticationStep {
    const challenge = decodeChapValue(packet.data);
    if (!challenge.ok) return {};
    const { identifier } = packet;
    const value = challenge.value.value.slice();
    // MS-CHAP has one length alone (RFC 2433 3, RFC 2759 3).
    if (this.#speaksMsChap && value.length !== this.#algorithm.challengeLength) return {};
    const before = this.#answered;
    const again = before?.challenge.identifier === identifier && equalOctets(before.challenge.value, value);
    // A copy of a challenge that is settled: nothing is waited for any more.
    if (before && again) return before.judged ? { packet: before.packet } : this.#send(before.packet, now);
    return this.#answer({ identifier, value }, now);
  }

  #answer(challenge: ChapChallenge, now: Instant): AuthenticationStep {
    const { user } = this.#config;
    const answer = this.#algorithm.answer(challenge, user, this.#password, this.#random);
    const data = encodeChapValue({ value: answer.value, name: user });
    const packet = encodePacket({ code: ChapCode.response, identifier: challenge.identifier, data });
    this.#answered = { ...answer, challenge, packet, judged: false };
    this.#transmissions = 0;
    return this.#send(packet, now);
  }

  #send(packet: Uint8Array, now: Instant): AuthenticationStep {
    this.#transmissions++;
    this.deadline = now + gapAfter(this.#config.retransmission, this.#transmissions);
    return { packet };
  }

  #granted(answered: Answered, { data }: Packet): AuthenticationStep {
    answered.judged = true;
    this.deadline = undefined;
    if (answered.proves(utf8Text(data))) {
      return { outcome: { authenticated: true, user: this.#config.user } };
    }
    // RFC 2759 5: the session ends.
    const detail = 'the authenticator response is missing or wrong';
    const errorNumber = RasError.serverUnproven;
    return { outcome: { authenticated: false, reason: 'auth-failed', detail, errorNumber } };
  }

  #refused(answered: Answered, { identifier, data }: Packet, now: Instant): AuthenticationStep {
    const text = printable(data);
    const failure = this.#speaksMsChap ? decodeMsChapFailure(text) : undefined;
    const next = this.#passwords[0];
    if (
      failure?.retry &&
      failure.challenge.length === this.#algorithm.challengeLength &&
      next !== undefined
    ) {
      this.#passwords.shift();
      this.#password = next;
      // RFC 2759 6: to the challenge of the Failure, under the next identifier.
      return this.#answer({ identifier: (identifier + 1) & 0xff, value: failure.challenge }, now);
    }
    answered.judged = true;
    this.deadline = undefined;
    if (failure === undefined) {
      return { outcome: { authenticated: false, reason: 'auth-failed', detail: text || 'refused' } };
    }
    const { error: errorNumber } = failure;
    const detail = `${text}: ${rasErrorText(errorNumber)}`;
    return { outcome: { authenticated: false, reason: 'auth-failed', detail, errorNumber } };
  }
}
