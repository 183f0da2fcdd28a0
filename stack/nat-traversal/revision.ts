/** Revisions of NAT traversal for IKEv1 that this stack speaks; a later issue adds the other drafts. */
export type NatTraversalRevision = 'draft-02n' | 'rfc3947';
