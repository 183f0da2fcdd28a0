import { PayloadType } from '../isakmp/payload-type.ts';
import type { NatTraversalRevision } from './revision.ts';

/** Encapsulation Mode attribute values (RFC 3947 5.1). */
export interface EncapsulationNumbers {
  readonly udpTunnel: number;
  readonly udpTransport: number;
}

/** What differs between the revisions of NAT traversal, as data. */
export interface RevisionNumbers extends EncapsulationNumbers {
  /** In hexadecimal; but for `apple` the MD5 of the document's name. */
  readonly vendorId: string;
  readonly natD: number;
  /** Whose hash the first NAT-D payload is: the receiver's (RFC 3947 3.2), or the sender's own by mistake. */
  readonly natDOrder: 'peer-first' | 'own-first';
  /** Payload number of NAT-OA; `undefined` where the revision has none. */
  readonly natOa: number | undefined;
  /** How many NAT-OA payloads a side sends: RFC 3947 5.2 both addresses, the early drafts the sender's own. */
  readonly natOaPayloads: 1 | 2;
  /**
   * Whether both ports become 4500 once a NAT is seen (RFC 3947 4). Where not, IKE stays on port 500 and ESP
   * comes there as well, behind a marker of eight zero octets.
   */
  readonly floats: boolean;
}

/** The payload and mode numbers of drafts 00 to 03 are of the private ranges ([MS-IKEE] 2.2.1, 2.2.2). */
const privateNumbers = {
  natD: PayloadType.natDDraft,
  natDOrder: 'peer-first',
  natOa: PayloadType.natOaDraft,
  natOaPayloads: 1,
  udpTunnel: 61_443,
  udpTransport: 61_444,
} as const;

/** Drafts 04 to 08 took payload numbers that were not free: RFC 3547 had 15 and 16 first. */
const takenNumbers = {
  natD: PayloadType.natDTaken,
  natDOrder: 'peer-first',
  natOa: PayloadType.natOaTaken,
  natOaPayloads: 2,
  udpTunnel: 3,
  udpTransport: 4,
  floats: true,
} as const;

/** RFC 3947 3.1, 3.2, 5.1, 5.2; the drafts and Mac OS X as their implementations have them (field facts A1, A2). */
export const revisionNumbers: Readonly<Record<NatTraversalRevision, RevisionNumbers>> = {
  rfc3947: {
    ...takenNumbers,
    vendorId: '4a131c81070358455c5728f20e95452f',
    natD: PayloadType.natD,
    natOa: PayloadType.natOa,
  },
  'draft-00': { ...privateNumbers, vendorId: '4485152d18b6bbcd0be8a8469579ddcc', floats: false },
  'draft-01': { ...privateNumbers, vendorId: '16f6ca16e4a4066d83821a0f0aeaa862', floats: false },
  'draft-02': { ...privateNumbers, vendorId: 'cd60464335df21f87cfdb2fc68b6a448', floats: true },
  'draft-02n': { ...privateNumbers, vendorId: '90cb80913ebb696e086381b5ec427b1f', floats: true },
  'draft-03': { ...privateNumbers, vendorId: '7d9419a65310ca6f2c179d9215529d56', floats: true },
  'draft-04': { ...takenNumbers, vendorId: '9909b64eed937c6573de52ace952fa6b' },
  'draft-05': { ...takenNumbers, vendorId: '80d0bb3def54565ee84645d4c85ce3ee' },
  'draft-06': { ...takenNumbers, vendorId: '4d1e0e136deafa34c4f3ea9f02ec7285' },
  'draft-07': { ...takenNumbers, vendorId: '439b59f8ba676c4c7737ae22eab8f582' },
  'draft-08': { ...takenNumbers, vendorId: '8f8d83826d246b6fc7a8a6a428c11de8' },
  apple: {
    ...takenNumbers,
    vendorId: '4df37928e9fc4fd1b3262170d515c662',
    natDOrder: 'own-first',
    natOa: undefined,
  },
};

/** The encapsulation numbers that a revision has not: the RFC's for one of the early drafts, and theirs for all others. */
export function otherEncapsulation(revision: NatTraversalRevision): EncapsulationNumbers {
  const isPrivate = revisionNumbers[revision].udpTransport === privateNumbers.udpTransport;
  return isPrivate ? takenNumbers : privateNumbers;
}

/** All of them, in the order of the table. */
export const everyRevision = Object.keys(revisionNumbers) as readonly NatTraversalRevision[];

/**
 * The revisions that this side speaks and the peer named by vendor id, best first: RFC 3947 before all
 * others ([MS-IKEE] 3.2.5.1), those in the order of `own`. None at all is no NAT traversal with this peer.
 */
export function commonRevisions(
  own: readonly NatTraversalRevision[],
  peerVendorIds: readonly string[],
): readonly NatTraversalRevision[] {
  const common = own.filter((revision) => peerVendorIds.includes(revisionNumbers[revision].vendorId));
  const published = common.filter((revision) => revision === 'rfc3947');
  return [...published, ...common.filter((revision) => revision !== 'rfc3947')];
}

/** The best of them, or `undefined`. */
export function chooseRevision(
  own: readonly NatTraversalRevision[],
  peerVendorIds: readonly string[],
): NatTraversalRevision | undefined {
  return commonRevisions(own, peerVendorIds)[0];
}
