import { ExchangeType } from '../isakmp/exchange-type.ts';
import type { Identification } from '../isakmp/identification.ts';
import { encodePayload, type Payload } from '../isakmp/payload.ts';
import type { SecurityAssociation } from '../isakmp/security-association.ts';
import type { IkeConfig, Phase1Transform } from './config.ts';
import type { KeyPair } from './diffie-hellman.ts';
import { phase1Identification } from './identity.ts';
import type { Cookies, Established, Keyed, Phase1Context } from './phase1.ts';
import { phase1Message } from './phase1-messages.ts';
import { type Sealed, sealMessage } from './protection.ts';

/** How far aggressive mode has come (RFC 2409 5.4), named by what this side did last. */
export type AggressiveModeState =
  | {
      readonly at: 'all-sent';
      /** What was offered: of one group, which the key pair is of. */
      readonly transforms: readonly Phase1Transform[];
      readonly offer: SecurityAssociation;
      readonly keyPair: KeyPair;
      readonly nonce: Uint8Array;
      /** The body of the own ID payload: what HASH_I is taken over. */
      readonly identity: Uint8Array;
    }
  /** `nat` is not known before message 3. */
  | ({ readonly at: 'all-answered'; readonly peerIdentity: PeerIdentity } & Keyed)
  | Established;

export interface PeerIdentity {
  readonly id: Identification;
  /** The body of the ID payload, as it came. */
  readonly body: Uint8Array;
}

export type AggressiveStateAt<At extends AggressiveModeState['at']> = Extract<
  AggressiveModeState,
  { at: At }
>;

/** A message of aggressive mode in the clear. */
export function aggressiveModeMessage(cookies: Cookies, payloads: readonly Payload[]): Uint8Array {
  return phase1Message(ExchangeType.aggressive, cookies, payloads);
}

/** What a peer said it is, in octets of its own: the message in the clear that they came in may be overwritten. */
export function ownedIdentity({ id, body }: PeerIdentity): PeerIdentity {
  return { id: { ...id, data: id.data.slice() }, body: body.slice() };
}

/** Message 3, under protection (RFC 2409 5.4 allows it, RFC 3947 4 has it so). */
export function sealMessage3(
  { initiatorCookie, responderCookie, config }: Phase1Context<IkeConfig>,
  { keys, iv }: Pick<Keyed, 'keys' | 'iv'>,
  payloads: readonly Payload[],
): Sealed {
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.aggressive, messageId: 0 };
  return sealMessage(keys, iv, start, payloads, config.tamper);
}

/** The own ID payload, and its body. */
export function ownIdentity({ config, ends }: Pick<Phase1Context<IkeConfig>, 'config' | 'ends'>): {
  readonly payload: Payload;
  readonly body: Uint8Array;
} {
  const payload: Payload = {
    payload: 'identification',
    id: phase1Identification(config.identity, ends.local.ip),
  };
  return { payload, body: encodePayload(payload).body };
}
