import { ExchangeType } from '../isakmp/exchange-type.ts';
import { encodePayload, type Payload } from '../isakmp/payload.ts';
import type { IkeConfig } from './config.ts';
import { phase1Identification } from './identity.ts';
import { natDetectionPayloads } from './nat-detection.ts';
import type { Cookies, Keyed, Negotiated, Phase1Context } from './phase1.ts';
import type { initiatorHash } from './phase1-authentication.ts';
import { type KeyExchange, phase1Message } from './phase1-messages.ts';
import { type Sealed, sealMessage } from './protection.ts';

/** A message of main mode in the clear. */
export function mainModeMessage(cookies: Cookies, payloads: readonly Payload[]): Uint8Array {
  return phase1Message(ExchangeType.identityProtection, cookies, payloads);
}

/** Message 3 or 4: KE, nonce, NAT-D. */
export function keyExchangeMessage(
  context: Phase1Context<IkeConfig>,
  negotiated: Negotiated,
  { publicValue, nonce }: KeyExchange,
): Uint8Array {
  return mainModeMessage(context, [
    { payload: 'key-exchange', data: publicValue },
    { payload: 'nonce', data: nonce },
    ...natDetectionPayloads(context, negotiated),
  ]);
}

/** Message 5 or 6: who this end is, the hash that proves it, and what else is said under their protection. */
export function sealIdentity(
  { initiatorCookie, responderCookie, config, ends }: Phase1Context<IkeConfig>,
  { keys, transcript, iv }: Pick<Keyed, 'keys' | 'transcript' | 'iv'>,
  hash: typeof initiatorHash,
  more: readonly Payload[] = [],
): Sealed {
  const id = phase1Identification(config.identity, ends.local.ip);
  const identification: Payload = { payload: 'identification', id };
  const data = hash(keys, transcript, encodePayload(identification).body);
  const exchangeType = ExchangeType.identityProtection;
  const start = { initiatorCookie, responderCookie, exchangeType, messageId: 0 };
  return sealMessage(keys, iv, start, [identification, { payload: 'hash', data }, ...more], config.tamper);
}
