/**
 * Revisions of NAT traversal for IKEv1: the drafts of RFC 3947 (`draft-ietf-ipsec-nat-t-ike-NN`), one word
 * each, and the RFC. `draft-02n` is draft 02 under the vendor id that the draft prints, the MD5 of its name
 * and a newline; `draft-02` the same protocol under the MD5 of the name alone. `apple` is the unnumbered
 * one of Mac OS X.
 */
export type NatTraversalRevision =
  | 'draft-00'
  | 'draft-01'
  | 'draft-02'
  | 'draft-02n'
  | 'draft-03'
  | 'draft-04'
  | 'draft-05'
  | 'draft-06'
  | 'draft-07'
  | 'draft-08'
  | 'apple'
  | 'rfc3947';
