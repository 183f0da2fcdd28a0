import type { Instant, RandomSource } from '../engine.ts';
import { equalOctets, utf8 } from '../octets.ts';
import { gapAfter, wholeInterval } from '../retransmission.ts';
import {
  type ChapAlgorithm,
  type ChapAnswer,
  type ChapChallenge,
  chapAlgorithms,
  withoutDomain,
} from './chap-algorithm.ts';
import { ChapCode, decodeChapValue, encodeChapValue } from './chap-packet.ts';
import type { PppAuthentication, PppClientConfig, PppServerConfig } from './config.ts';
import { encodePacket, type Packet } from './packet.ts';

/** What a CHAP exchange wants done. An outcome comes once for each challenge. */
export interface ChapStep {
  readonly packet?: Uint8Array;
  readonly outcome?: ChapOutcome;
}

export type ChapOutcome =
  | { readonly authenticated: true; readonly user: string }
  | { readonly authenticated: false; readonly reason: 'auth-failed' | 'no-answer'; readonly detail: string };

/** One end of the CHAP exchange (RFC 1994, RFC 2759). */
export interface ChapEnd {
  readonly deadline: Instant | undefined;
  start(now: Instant): ChapStep;
  receive(packet: Packet, now: Instant): ChapStep;
  tick(now: Instant): ChapStep;
}

const challengeLength = 16;

interface Answered extends ChapAnswer {
  readonly challenge: ChapChallenge;
  readonly packet: Uint8Array;
  judged: boolean;
}

/** The server's end: it challenges, and repeats its verdict for every repeated Response (RFC 1994 4.2). */
export class ChapAuthenticator implements ChapEnd {
  deadline: Instant | undefined;
  readonly #config: PppServerConfig;
  readonly #algorithm: ChapAlgorithm;
  readonly #random: RandomSource;
  readonly #challenge: ChapChallenge;
  #transmissions = 0;
  #verdict: Uint8Array | undefined;

  constructor(
    config: PppServerConfig,
    authentication: PppAuthentication,
    identifier: number,
    random: RandomSource,
  ) {
    this.#config = config;
    this.#algorithm = chapAlgorithms[authentication];
    this.#random = random;
    this.#challenge = { identifier, value: random(challengeLength) };
  }

  start(now: Instant): ChapStep {
    this.#transmissions++;
    this.deadline = now + gapAfter(this.#config.retransmission, this.#transmissions);
    const { identifier, value } = this.#challenge;
    const data = encodeChapValue({ value, name: this.#config.name });
    return { packet: encodePacket({ code: ChapCode.challenge, identifier, data }) };
  }

  receive(packet: Packet): ChapStep {
    if (packet.code !== ChapCode.response || packet.identifier !== this.#challenge.identifier) return {};
    if (this.#verdict !== undefined) return { packet: this.#verdict };
    const response = decodeChapValue(packet.data);
    if (!response.ok) return {};
    const { name, value } = response.value;
    const user = this.#config.user(name) ?? this.#config.user(withoutDomain(name));
    const success = user && this.#algorithm.verify(this.#challenge, name, user.password, value);
    this.deadline = undefined;
    this.#verdict = encodePacket({
      code: success === undefined ? ChapCode.failure : ChapCode.success,
      identifier: packet.identifier,
      data: utf8(success ?? this.#algorithm.failureMessage(this.#random)),
    });
    if (success !== undefined) return { packet: this.#verdict, outcome: { authenticated: true, user: name } };
    const what = user === undefined ? 'no such user' : 'wrong password';
    const detail = `${what}: ${JSON.stringify(name)}`;
    return { packet: this.#verdict, outcome: { authenticated: false, reason: 'auth-failed', detail } };
  }

  tick(now: Instant): ChapStep {
    if (this.deadline === undefined || now < this.deadline) return {};
    if (this.#transmissions < this.#config.retransmission.transmissions) return this.start(now);
    this.deadline = undefined;
    const detail = 'the peer does not answer the challenge';
    return { outcome: { authenticated: false, reason: 'no-answer', detail } };
  }
}

/**
 * The client's end: it answers every challenge, and repeats its answer until it hears the verdict,
 * which may have been lost (RFC 1994 4.2). The same challenge gets the same answer.
 */
export class ChapPeer implements ChapEnd {
  deadline: Instant | undefined;
  readonly #config: PppClientConfig;
  readonly #algorithm: ChapAlgorithm;
  readonly #random: RandomSource;
  #answered: Answered | undefined;
  #transmissions = 0;

  constructor(config: PppClientConfig, authentication: PppAuthentication, random: RandomSource) {
    this.#config = config;
    this.#algorithm = chapAlgorithms[authentication];
    this.#random = random;
  }

  /** Waits for the challenge. */
  start(now: Instant): ChapStep {
    this.deadline = now + wholeInterval(this.#config.retransmission);
    return {};
  }

  receive(packet: Packet, now: Instant): ChapStep {
    switch (packet.code) {
      case ChapCode.challenge:
        return this.#challenged(packet, now);
      case ChapCode.success:
      case ChapCode.failure:
        return this.#judged(packet);
      default:
        return {};
    }
  }

  tick(now: Instant): ChapStep {
    if (this.deadline === undefined || now < this.deadline) return {};
    if (this.#answered && this.#transmissions < this.#config.retransmission.transmissions) {
      return this.#respond(this.#answered.packet, now);
    }
    this.deadline = undefined;
    const what = this.#answered === undefined ? 'challenge' : 'verdict on the response';
    const detail = `no ${what} came from the peer`;
    return { outcome: { authenticated: false, reason: 'no-answer', detail } };
  }

  #challenged(packet: Packet, now: Instant): ChapStep {
    const challenge = decodeChapValue(packet.data);
    if (!challenge.ok) return {};
    const { identifier } = packet;
    const value = challenge.value.value.slice();
    const before = this.#answered;
    const again = before?.challenge.identifier === identifier && equalOctets(before.challenge.value, value);
    // A copy of a challenge that is settled: nothing is waited for any more.
    if (before && again) return before.judged ? { packet: before.packet } : this.#respond(before.packet, now);
    const { user, password } = this.#config;
    const answer = this.#algorithm.answer({ identifier, value }, user, password, this.#random);
    const data = encodeChapValue({ value: answer.value, name: user });
    const response = encodePacket({ code: ChapCode.response, identifier, data });
    this.#answered = { ...answer, challenge: { identifier, value }, packet: response, judged: false };
    this.#transmissions = 0;
    return this.#respond(response, now);
  }

  #respond(packet: Uint8Array, now: Instant): ChapStep {
    this.#transmissions++;
    this.deadline = now + gapAfter(this.#config.retransmission, this.#transmissions);
    return { packet };
  }

  #judged(packet: Packet): ChapStep {
    const answered = this.#answered;
    if (answered === undefined || answered.judged) return {};
    if (answered.challenge.identifier !== packet.identifier) return {};
    answered.judged = true;
    this.deadline = undefined;
    const message = new TextDecoder().decode(packet.data);
    if (packet.code === ChapCode.failure) {
      return { outcome: { authenticated: false, reason: 'auth-failed', detail: message || 'refused' } };
    }
    if (answered.proves(message)) return { outcome: { authenticated: true, user: this.#config.user } };
    const detail = 'the authenticator response is missing or wrong';
    return { outcome: { authenticated: false, reason: 'auth-failed', detail } };
  }
}
