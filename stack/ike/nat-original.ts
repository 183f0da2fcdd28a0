import { type Ipv4, ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import { IdType } from '../isakmp/ipsec-doi.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { revisionNumbers } from '../nat-traversal/numbers.ts';
import type { SaPair } from '../sa.ts';
import type { IkeConfig, Phase2Proposal } from './config.ts';
import type { Ends } from './exchange.ts';
import type { Keyed } from './phase1.ts';

/** Both addresses before translation, so far as they were named. */
export type NatOriginal = NonNullable<SaPair['natOriginal']>;

/**
 * NAT-OA, sent with UDP encapsulation only (RFC 3947 5.2): both addresses as this side sees them, or its own
 * alone where the revision has one payload. None for tunnel mode, whose inner addresses no NAT changes.
 */
export function natOriginalPayloads(
  { nat, revision }: Pick<Keyed, 'nat' | 'revision'>,
  ends: Ends,
  { role, natOriginalAddress }: IkeConfig,
  proposals: readonly Phase2Proposal[],
): Payload[] {
  if (proposals.every(({ mode }) => mode === 'tunnel')) return [];
  if (revision === undefined || nat === undefined || !nat.encapsulates) return [];
  if (natOriginalAddress === 'never') return [];
  if (natOriginalAddress === 'when-behind-nat' && !nat.localBehindNat) return [];
  const { natOa: number, natOaPayloads } = revisionNumbers[revision];
  if (number === undefined) return [];
  const [own, other] = [ends.local.ip, ends.peer.ip];
  const both = role === 'initiator' ? [own, other] : [other, own];
  return (natOaPayloads === 1 ? [own] : both).map((ip) => ({
    payload: 'nat-oa',
    number,
    address: { idType: IdType.ipv4Address, address: ipv4ToBytes(ip) },
  }));
}

/**
 * The peer's NAT-OA payloads: first the initiator's address, then the responder's; a lone one is the peer's
 * own. Those under another revision's number do not count.
 */
export function readNatOriginal(
  { revision }: Pick<Keyed, 'nat' | 'revision'>,
  payloads: readonly ReceivedPayload[],
  peerRole: 'initiator' | 'responder',
): NatOriginal | undefined {
  if (revision === undefined) return undefined;
  const [first, second] = payloadsOf(payloads, 'nat-oa')
    .filter(({ number }) => number === revisionNumbers[revision].natOa)
    .flatMap(({ address: { idType, address } }): Ipv4[] =>
      idType === IdType.ipv4Address && address.length === 4 ? [ipv4FromBytes(address)] : [],
    );
  if (first === undefined) return undefined;
  if (second !== undefined) return { initiator: first, responder: second };
  return peerRole === 'initiator' ? { initiator: first } : { responder: first };
}
