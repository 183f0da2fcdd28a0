import { PayloadType } from '../isakmp/payload-type.ts';
import type { NatTraversalRevision } from './revision.ts';

/** What differs between the revisions of NAT traversal, as data: a further revision is one entry. */
export interface RevisionNumbers {
  /** MD5 of the document's name, in hexadecimal. */
  readonly vendorId: string;
  readonly natD: number;
  readonly natOa: number;
  /** Encapsulation Mode attribute values (RFC 3947 5.1). */
  readonly udpTunnel: number;
  readonly udpTransport: number;
  /** How many NAT-OA payloads a side sends: RFC 3947 5.2 both addresses, the draft the sender's own. */
  readonly natOaPayloads: 1 | 2;
}

export const revisionNumbers: Readonly<Record<NatTraversalRevision, RevisionNumbers>> = {
  /** RFC 3947 3.1, 3.2, 5.1, 5.2; the vendor id is MD5("RFC 3947"). */
  rfc3947: {
    vendorId: '4a131c81070358455c5728f20e95452f',
    natD: PayloadType.natD,
    natOa: PayloadType.natOa,
    udpTunnel: 3,
    udpTransport: 4,
    natOaPayloads: 2,
  },
  /**
   * draft-ietf-ipsec-nat-t-ike-02: the vendor id is the MD5 of its name and a newline, which is the
   * value the draft itself prints and Windows sends ([MS-IKEE] section 6 note 6).
   */
  'draft-02n': {
    vendorId: '90cb80913ebb696e086381b5ec427b1f',
    natD: PayloadType.natDDraft,
    natOa: PayloadType.natOaDraft,
    udpTunnel: 61443,
    udpTransport: 61444,
    natOaPayloads: 1,
  },
};

/** Best first: where both sides name both, RFC 3947 is preferred ([MS-IKEE] 3.2.5.1). */
const preference: readonly NatTraversalRevision[] = ['rfc3947', 'draft-02n'];

/**
 * The revision for one peer: the best that this side speaks and the peer named by vendor id, or
 * `undefined` for no NAT traversal with it. Both sides come to the same answer, whatever their order.
 */
export function chooseRevision(
  own: readonly NatTraversalRevision[],
  peerVendorIds: readonly string[],
): NatTraversalRevision | undefined {
  return preference.find(
    (revision) => own.includes(revision) && peerVendorIds.includes(revisionNumbers[revision].vendorId),
  );
}
