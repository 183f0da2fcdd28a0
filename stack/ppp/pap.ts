import { type Decoded, decoded, malformed } from '../decode.ts';
import type { Instant } from '../engine.ts';
import { concat, sameSecret, uint8, utf8, utf8Text } from '../octets.ts';
import { gapAfter, wholeInterval } from '../retransmission.ts';
import type { AuthenticationEnd, AuthenticationStep, Unauthenticated } from './authentication-end.ts';
import { withoutDomain } from './chap-algorithm.ts';
import type { PppClientConfig, PppServerConfig } from './config.ts';
import { PppProtocol } from './frame.ts';
import { encodePacket, type Packet } from './packet.ts';
import { printable } from './printable.ts';
import { rasErrorText } from './ras-error.ts';

/** RFC 1334 2.2. */
export const PapCode = { request: 1, ack: 2, nak: 3 } as const;

/** The data of an Authenticate-Request (RFC 1334 2.2.1). */
export interface PapRequest {
  readonly peerId: string;
  readonly password: string;
}

export function decodePapRequest(data: Uint8Array): Decoded<PapRequest> {
  const peerId = lengthPrefixed(data, 0);
  if (peerId === undefined) return malformed('bad-length', 'Peer-ID Length', 0, 'it does not fit');
  const password = lengthPrefixed(data, 1 + peerId.length);
  if (password === undefined) {
    return malformed('bad-length', 'Passwd-Length', 1 + peerId.length, 'it does not fit');
  }
  return decoded({ peerId: utf8Text(peerId), password: utf8Text(password) });
}

/** Names and passwords are cut to the 255 octets that their length can say. */
export function encodePapRequest({ peerId, password }: PapRequest): Uint8Array {
  const [name, secret] = [utf8(peerId).subarray(0, 255), utf8(password).subarray(0, 255)];
  return concat(uint8(name.length), name, uint8(secret.length), secret);
}

/** The message of an Ack or a Nak (RFC 1334 2.2.2), for people. */
function messageOf(data: Uint8Array): string {
  return printable(lengthPrefixed(data, 0) ?? new Uint8Array());
}

function lengthPrefixed(data: Uint8Array, offset: number): Uint8Array | undefined {
  const length = data[offset];
  if (length === undefined || offset + 1 + length > data.length) return undefined;
  return data.subarray(offset + 1, offset + 1 + length);
}

/** The client's end of PAP: it asks until it hears the answer. */
export class PapPeer implements AuthenticationEnd {
  readonly protocol = PppProtocol.pap;
  deadline: Instant | undefined;
  readonly #config: PppClientConfig;
  readonly #nextIdentifier: () => number;
  #identifier: number | undefined;
  #transmissions = 0;

  constructor(config: PppClientConfig, nextIdentifier: () => number) {
    this.#config = config;
    this.#nextIdentifier = nextIdentifier;
  }

  /** RFC 1334 2.2.1: each request has an identifier of its own. */
  start(now: Instant): AuthenticationStep {
    const identifier = this.#nextIdentifier();
    this.#identifier = identifier;
    this.#transmissions++;
    this.deadline = now + gapAfter(this.#config.retransmission, this.#transmissions);
    const data = encodePapRequest({ peerId: this.#config.user, password: this.#config.password });
    return { packet: encodePacket({ code: PapCode.request, identifier, data }) };
  }

  receive({ code, identifier, data }: Packet): AuthenticationStep {
    if (identifier !== this.#identifier || (code !== PapCode.ack && code !== PapCode.nak)) return {};
    this.#identifier = undefined;
    this.deadline = undefined;
    if (code === PapCode.ack) return { outcome: { authenticated: true, user: this.#config.user } };
    const detail = messageOf(data) || 'refused';
    return { outcome: { authenticated: false, reason: 'auth-failed', detail } };
  }

  tick(now: Instant): AuthenticationStep {
    if (this.deadline === undefined || now < this.deadline) return {};
    if (this.#transmissions < this.#config.retransmission.transmissions) return this.start(now);
    this.deadline = undefined;
    const detail = 'the peer does not answer the Authenticate-Request';
    return { outcome: { authenticated: false, reason: 'no-answer', detail } };
  }
}

/** The server's end of PAP: it waits for a request, and answers every repeated one alike (RFC 1334 2.2.1). */
export class PapAuthenticator implements AuthenticationEnd {
  readonly protocol = PppProtocol.pap;
  deadline: Instant | undefined;
  readonly #config: PppServerConfig;
  #verdict: { readonly code: number; readonly data: Uint8Array } | undefined;

  constructor(config: PppServerConfig) {
    this.#config = config;
  }

  start(now: Instant): AuthenticationStep {
    this.deadline = now + wholeInterval(this.#config.retransmission);
    return {};
  }

  receive({ code, identifier, data }: Packet): AuthenticationStep {
    const request = decodePapRequest(data);
    if (code !== PapCode.request || !request.ok) return {};
    const repeat = this.#verdict;
    if (repeat !== undefined) return { packet: encodePacket({ ...repeat, identifier }) };
    this.deadline = undefined;
    const wrong = this.#objection(request.value);
    const message = wrong === undefined ? 'Access granted' : 'Access denied';
    this.#verdict = {
      code: wrong === undefined ? PapCode.ack : PapCode.nak,
      data: concat(uint8(message.length), utf8(message)),
    };
    const packet = encodePacket({ ...this.#verdict, identifier });
    return { packet, outcome: wrong ?? { authenticated: true, user: request.value.peerId } };
  }

  tick(now: Instant): AuthenticationStep {
    if (this.deadline === undefined || now < this.deadline) return {};
    this.deadline = undefined;
    const detail = 'no Authenticate-Request came from the peer';
    return { outcome: { authenticated: false, reason: 'no-answer', detail } };
  }

  #objection({ peerId, password }: PapRequest): Unauthenticated | undefined {
    const account = this.#config.user(peerId) ?? this.#config.user(withoutDomain(peerId));
    const failed = (what: string): Unauthenticated => {
      return { authenticated: false, reason: 'auth-failed', detail: `${what}: ${JSON.stringify(peerId)}` };
    };
    if (account === undefined) return failed('no such user');
    if (!sameSecret(utf8(password), utf8(account.password))) return failed('wrong password');
    if (account.refusal === undefined) return undefined;
    return { ...failed(`refused with ${rasErrorText(account.refusal)}`), errorNumber: account.refusal };
  }
}
