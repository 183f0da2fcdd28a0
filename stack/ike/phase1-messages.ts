import type { Fact } from '../fact.ts';
import { noFlags } from '../isakmp/header.ts';
import { encodeMessage, payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { everyRevision, revisionNumbers } from '../nat-traversal/numbers.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import { fromHex, hex } from '../octets.ts';
import type { IkeConfig, IkeResponderConfig, Phase1Transform } from './config.ts';
import { announcesFragmentation, fragmentationVendorId } from './fragmentation.ts';
import { isNonceLength } from './nonce.ts';
import type { Cookies, Keyed, Negotiated } from './phase1.ts';
import { derivePhase1Keys, phase1Iv } from './phase1-keys.ts';
import type { ChosenPhase1 } from './phase1-proposal.ts';
import type { Step } from './step.ts';

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

/** What each end contributes to the keys. */
export interface KeyExchange {
  readonly publicValue: Uint8Array;
  readonly nonce: Uint8Array;
}

/** The KE and nonce payloads of a message, or why they cannot be used (nonce: RFC 2409 5, 8 to 256 octets). */
export function readKeyExchange(payloads: readonly ReceivedPayload[]): KeyExchange | string {
  const [ke] = payloadsOf(payloads, 'key-exchange');
  const [nonce] = payloadsOf(payloads, 'nonce');
  if (ke === undefined) return 'no KE payload';
  if (nonce === undefined) return 'no nonce payload';
  if (!isNonceLength(nonce.data.length)) return `a nonce of ${nonce.data.length} octets`;
  return { publicValue: ke.data.slice(), nonce: nonce.data.slice() };
}

/** What a responder knows when it has chosen; a weaker order that wins is reported (rule PROP-5). */
export function chosenFacts(negotiated: Negotiated, { offered, stronger }: ChosenPhase1): Fact[] {
  const name = ({ encryption, hash, group }: Phase1Transform) =>
    `${encryption} with ${hash} and group ${group}`;
  const detail =
    stronger && `downgrade: ${name(negotiated.transform)} chosen, ${name(stronger)} was common too`;
  return [...negotiatedFacts(negotiated, offered), ...(detail ? [{ fact: 'warning', detail } as const] : [])];
}

/** What the answer to an offer settled. */
export function negotiatedFacts({ transform, revision }: Negotiated, offered: number): Fact[] {
  return [
    { fact: 'phase1-proposal-chosen', transform, offered },
    { fact: 'nat-traversal-chosen', revision: revision ?? 'none' },
  ];
}

/** Of a responder without a pre-shared key: SKEYID cannot be computed, and nobody be authenticated (RFC 2409 5). */
export function withoutKey<State>({ whyNoKey }: Pick<IkeResponderConfig, 'whyNoKey'>): Step<State> {
  const why = whyNoKey === undefined ? '' : `: ${whyNoKey}`;
  const detail = `no pre-shared key to authenticate with${why}`;
  return { step: 'fail', reason: 'no-key', detail, notify: 'AUTHENTICATION-FAILED' };
}

/** What both ends know once both public values have been exchanged, but for what NAT-D showed. */
export function keyed(
  { initiatorCookie, responderCookie }: Cookies,
  preSharedKey: Uint8Array,
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
      preSharedKey,
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
