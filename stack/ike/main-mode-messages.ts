import type { Fact } from '../fact.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { noFlags } from '../isakmp/header.ts';
import { encodeMessage, payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import { encodePayload, type Payload } from '../isakmp/payload.ts';
import { everyRevision, revisionNumbers } from '../nat-traversal/numbers.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import { fromHex, hex } from '../octets.ts';
import type { IkeConfig } from './config.ts';
import { announcesFragmentation, fragmentationVendorId } from './fragmentation.ts';
import { phase1Identification } from './identity.ts';
import type { Cookies, Keyed, MainModeContext, Negotiated } from './main-mode.ts';
import { natDetectionPayloads } from './nat-detection.ts';
import { isNonceLength } from './nonce.ts';
import type { initiatorHash } from './phase1-authentication.ts';
import { derivePhase1Keys, phase1Iv } from './phase1-keys.ts';
import { type Sealed, sealMessage } from './protection.ts';

/** A message of phase 1 in the clear. */
export function phase1Message(
  exchangeType: number,
  { initiatorCookie, responderCookie }: Cookies,
  payloads: readonly Payload[],
): Uint8Array {
  return encodeMessage(
    { initiatorCookie, responderCookie, exchangeType, flags: noFlags, messageId: 0 },
    payloads,
  );
}

/** A message of main mode in the clear. */
export function mainModeMessage(cookies: Cookies, payloads: readonly Payload[]): Uint8Array {
  return phase1Message(ExchangeType.identityProtection, cookies, payloads);
}

/**
 * The vendor ids to send: the configured ones in their order, behind them those of `revisions` and of
 * fragmentation that are missing, and no id of a revision that is not in `revisions`.
 */
export function vendorIdPayloads(
  { vendorIds: configured, fragmentation }: Pick<IkeConfig, 'vendorIds' | 'fragmentation'>,
  revisions: readonly NatTraversalRevision[],
): Payload[] {
  const spoken = revisions.map((revision) => revisionNumbers[revision].vendorId);
  const all = everyRevision.map((revision) => revisionNumbers[revision].vendorId);
  const kept = configured
    .map((id) => id.toLowerCase())
    .filter((id) => !all.includes(id) || spoken.includes(id));
  const missing = spoken.filter((id) => !kept.includes(id));
  if (fragmentation !== undefined && !announcesFragmentation(kept)) missing.push(fragmentationVendorId);
  return [...kept, ...missing].map((id) => ({ payload: 'vendor-id', data: fromHex(id) }));
}

export function vendorIdsIn(payloads: readonly ReceivedPayload[]): string[] {
  return payloadsOf(payloads, 'vendor-id').map(({ data }) => hex(data));
}

/** What message 3 or 4 brings. */
export interface KeyExchange {
  readonly publicValue: Uint8Array;
  readonly nonce: Uint8Array;
}

/** The KE and nonce payloads of message 3 or 4, or why they cannot be used (nonce: RFC 2409 5, 8 to 256 octets). */
export function readKeyExchange(payloads: readonly ReceivedPayload[]): KeyExchange | string {
  const [ke] = payloadsOf(payloads, 'key-exchange');
  const [nonce] = payloadsOf(payloads, 'nonce');
  if (ke === undefined) return 'no KE payload';
  if (nonce === undefined) return 'no nonce payload';
  if (!isNonceLength(nonce.data.length)) return `a nonce of ${nonce.data.length} octets`;
  return { publicValue: ke.data.slice(), nonce: nonce.data.slice() };
}

/** Message 3 or 4: KE, nonce, NAT-D. */
export function keyExchangeMessage(
  context: MainModeContext<IkeConfig>,
  negotiated: Negotiated,
  { publicValue, nonce }: KeyExchange,
): Uint8Array {
  return mainModeMessage(context, [
    { payload: 'key-exchange', data: publicValue },
    { payload: 'nonce', data: nonce },
    ...natDetectionPayloads(context, negotiated),
  ]);
}

/** What message 2 settled. */
export function negotiatedFacts({ transform, revision }: Negotiated, offered: number): Fact[] {
  return [
    { fact: 'phase1-proposal-chosen', transform, offered },
    { fact: 'nat-traversal-chosen', revision: revision ?? 'none' },
  ];
}

/** What both ends know once messages 3 and 4 have passed, but for what NAT-D showed. */
export function keyed(
  { initiatorCookie, responderCookie, config }: MainModeContext<IkeConfig>,
  { transform, revision, initiatorSa }: Negotiated,
  initiator: KeyExchange,
  responder: KeyExchange,
  secret: Uint8Array,
): Omit<Keyed, 'nat'> {
  const { hash, encryption } = transform;
  const initiatorPublicValue = initiator.publicValue;
  const responderPublicValue = responder.publicValue;
  return {
    transform,
    revision,
    initiatorSa,
    keys: derivePhase1Keys({
      hash,
      encryption,
      preSharedKey: config.preSharedKey,
      initiatorNonce: initiator.nonce,
      responderNonce: responder.nonce,
      sharedSecret: secret,
      initiatorCookie,
      responderCookie,
    }),
    transcript: { initiatorCookie, responderCookie, initiatorPublicValue, responderPublicValue, initiatorSa },
    iv: phase1Iv(hash, encryption, initiatorPublicValue, responderPublicValue),
  };
}

/** Message 5 or 6: who this end is, the hash that proves it, and what else is said under their protection. */
export function sealIdentity(
  { initiatorCookie, responderCookie, config, ends }: MainModeContext<IkeConfig>,
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
