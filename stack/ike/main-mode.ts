import type { RandomSource } from '../engine.ts';
import type { DropReason, Fact, IkeFailure } from '../fact.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { noFlags } from '../isakmp/header.ts';
import type { Identification } from '../isakmp/identification.ts';
import { encodeMessage, payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { NotifyName } from '../isakmp/notify-type.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { SecurityAssociation } from '../isakmp/security-association.ts';
import {
  detectNat,
  type NatDetection,
  natDetectionHash,
  natDetectionToSend,
} from '../nat-traversal/detection.ts';
import { revisionNumbers } from '../nat-traversal/numbers.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import { fromHex, hex } from '../octets.ts';
import type { IkeConfig, Phase1Transform } from './config.ts';
import type { KeyPair } from './diffie-hellman.ts';
import type { Ends } from './exchange.ts';
import type { Phase1Transcript } from './phase1-authentication.ts';
import type { Phase1Keys } from './phase1-keys.ts';
import { digest } from './prf.ts';

export interface Cookies {
  readonly initiatorCookie: Uint8Array;
  readonly responderCookie: Uint8Array;
}

/** Agreed with messages 1 and 2. */
export interface Negotiated {
  readonly transform: Phase1Transform;
  readonly revision: NatTraversalRevision | undefined;
  /** SAi_b: the body of message 1's SA payload. */
  readonly initiatorSa: Uint8Array;
}

/** Known after messages 3 and 4. */
export interface Keyed extends Negotiated {
  /** `undefined` where no NAT-D was exchanged. */
  readonly nat: NatDetection | undefined;
  readonly keys: Phase1Keys;
  readonly transcript: Phase1Transcript;
  /** The IV of the next message: the last block of the one before it. */
  readonly iv: Uint8Array;
}

/** After message 6; `iv` is the last block of phase 1, which the exchanges that follow start from. */
export interface Established extends Keyed {
  readonly at: 'established';
  readonly peerIdentity: Identification;
}

/** How far main mode has come (RFC 2409 5.4), named by what this side did last. */
export type MainModeState =
  | { readonly at: 'sa-sent'; readonly offer: SecurityAssociation }
  | ({ readonly at: 'sa-answered' } & Negotiated)
  | ({ readonly at: 'ke-sent'; readonly keyPair: KeyPair; readonly nonce: Uint8Array } & Negotiated)
  | ({ readonly at: 'ke-answered' } & Keyed)
  | ({ readonly at: 'id-sent' } & Keyed)
  | Established;

export type StateAt<At extends MainModeState['at']> = Extract<MainModeState, { at: At }>;

/** What a received message does to a negotiation. */
export type Step<State> =
  | {
      readonly step: 'advance';
      readonly state: State;
      readonly answer?: Uint8Array;
      readonly ends?: Ends;
      readonly facts: readonly Fact[];
    }
  | {
      readonly step: 'fail';
      readonly reason: IkeFailure;
      readonly detail: string;
      /** Told to the peer where the configuration wants that. */
      readonly notify?: NotifyName;
      readonly facts?: readonly Fact[];
    }
  | { readonly step: 'ignore'; readonly reason: DropReason; readonly detail: string };

export interface MainModeContext<Config extends IkeConfig> extends Cookies {
  readonly config: Config;
  readonly random: RandomSource;
  /** Where the message came from and to which own address. */
  readonly ends: Ends;
}

export function malformedStep<State>(detail: string): Step<State> {
  return { step: 'ignore', reason: 'malformed', detail };
}

/** A message of main mode in the clear. */
export function mainModeMessage(
  { initiatorCookie, responderCookie }: Cookies,
  payloads: readonly Payload[],
): Uint8Array {
  return encodeMessage(
    {
      initiatorCookie,
      responderCookie,
      exchangeType: ExchangeType.identityProtection,
      flags: noFlags,
      messageId: 0,
    },
    payloads,
  );
}

/**
 * The vendor ids to send: the configured ones in their order, those of `revisions` that are missing
 * behind them, and no id of a revision that is not in `revisions`.
 */
export function vendorIdPayloads(
  configured: readonly string[],
  revisions: readonly NatTraversalRevision[],
): Payload[] {
  const spoken = revisions.map((revision) => revisionNumbers[revision].vendorId);
  const all = Object.values(revisionNumbers).map(({ vendorId }) => vendorId);
  const kept = configured
    .map((id) => id.toLowerCase())
    .filter((id) => !all.includes(id) || spoken.includes(id));
  const missing = spoken.filter((id) => !kept.includes(id));
  return [...kept, ...missing].map((id) => ({ payload: 'vendor-id', data: fromHex(id) }));
}

export function vendorIdsIn(payloads: readonly ReceivedPayload[]): string[] {
  return payloadsOf(payloads, 'vendor-id').map(({ data }) => hex(data));
}

export const NONCE_LENGTH = 20;

/** The KE and nonce payloads of message 3 or 4, or why they cannot be used (nonce: RFC 2409 5, 8 to 256 octets). */
export function readKeyExchange(
  payloads: readonly ReceivedPayload[],
): { readonly publicValue: Uint8Array; readonly nonce: Uint8Array } | string {
  const [ke] = payloadsOf(payloads, 'key-exchange');
  const [nonce] = payloadsOf(payloads, 'nonce');
  if (ke === undefined) return 'no KE payload';
  if (nonce === undefined) return 'no nonce payload';
  if (nonce.data.length < 8 || nonce.data.length > 256) return `a nonce of ${nonce.data.length} octets`;
  return { publicValue: ke.data.slice(), nonce: nonce.data.slice() };
}

/** The NAT-D payloads of message 3 or 4; none without NAT traversal. */
export function natDetectionPayloads(cookies: Cookies, negotiated: Negotiated, ends: Ends): Payload[] {
  const { revision } = negotiated;
  if (revision === undefined) return [];
  const contents = natDetectionToSend(addressHash(cookies, negotiated), ends.local, ends.peer);
  return contents.map((data) => ({ payload: 'nat-d', number: revisionNumbers[revision].natD, data }));
}

/** What the peer's NAT-D payloads show; those under another revision's number do not count. */
export function readNatDetection(
  cookies: Cookies,
  negotiated: Negotiated,
  payloads: readonly ReceivedPayload[],
  ends: Ends,
): { readonly nat: NatDetection | undefined; readonly facts: Fact[] } {
  const { revision } = negotiated;
  if (revision === undefined) return { nat: undefined, facts: [] };
  const received = payloadsOf(payloads, 'nat-d')
    .filter(({ number }) => number === revisionNumbers[revision].natD)
    .map(({ data }) => data);
  const nat = detectNat(addressHash(cookies, negotiated), received, ends.local, ends.peer);
  const fact: Fact =
    nat === undefined
      ? { fact: 'warning', detail: `${revision} agreed, but ${received.length} NAT-D payloads came` }
      : { fact: 'nat-detected', ...nat };
  return { nat, facts: [fact] };
}

function addressHash({ initiatorCookie, responderCookie }: Cookies, { transform }: Negotiated) {
  return natDetectionHash((...parts) => digest(transform.hash, ...parts), initiatorCookie, responderCookie);
}
