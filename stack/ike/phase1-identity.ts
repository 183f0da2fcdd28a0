import { protocolUdp } from '../ip/checksum.ts';
import type { Identification } from '../isakmp/identification.ts';
import { IdType } from '../isakmp/ipsec-doi.ts';
import type { NatDetection } from '../nat-traversal/detection.ts';
import { equalOctets } from '../octets.ts';
import type { IkeResponderConfig } from './config.ts';
import type { Ends } from './exchange.ts';
import { identifiedAddress, identityText, phase1Identification } from './identity.ts';

/**
 * Why a responder does not take the peer for who it says it is; `undefined` where it does. With `peer-address`
 * the peer must name the address it sends from unless NAT detection found it behind NAT (rule NAT-6).
 */
export function unexpectedIdentity(
  { expectedPeerIdentity: expected }: Pick<IkeResponderConfig, 'expectedPeerIdentity'>,
  { peer }: Ends,
  nat: NatDetection | undefined,
  id: Identification,
): string | undefined {
  if (!isOfIke(id)) return `the peer names itself for protocol ${id.protocolId}, port ${id.port}`;
  if (!namesOneEnd(id)) return `the peer names itself by ${identityText(id)}, which names no single end`;
  if (expected === 'any') return undefined;
  if (expected === 'peer-address') {
    const named = id.idType === IdType.ipv4Address ? identifiedAddress(id) : undefined;
    if (named === peer.ip || nat?.peerBehindNat) return undefined;
    return `the peer names itself ${identityText(id)} and sends from ${peer.ip}`;
  }
  const known = expected
    .map((identity) => phase1Identification(identity, peer.ip))
    .some(({ idType, data }) => idType === id.idType && equalOctets(data, id.data));
  return known ? undefined : `the peer names itself ${identityText(id)}, and nobody of that name is expected`;
}

/**
 * In phase 1 protocol and port are 0, or UDP and 500 (RFC 2407 4.6.2). Port 4500 came with NAT traversal, and UDP
 * with port 0 is written, too; anything else MUST end the negotiation.
 */
function isOfIke({ protocolId, port }: Identification): boolean {
  return protocolId === 0 ? port === 0 : protocolId === protocolUdp && [0, 500, 4500].includes(port);
}

/** Of the types of RFC 2407 4.6.2.1 those that name one end in phase 1: no subnet, no range, nothing unknown. */
function namesOneEnd({ idType, data }: Identification): boolean {
  if (idType === IdType.ipv4Address) return data.length === 4;
  if (idType === IdType.ipv6Address) return data.length === 16;
  const named: readonly number[] = [
    IdType.fqdn,
    IdType.userFqdn,
    IdType.derAsn1Dn,
    IdType.derAsn1Gn,
    IdType.keyId,
  ];
  return named.includes(idType) && data.length > 0;
}
