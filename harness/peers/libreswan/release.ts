/** A release of libreswan that is a peer of its own: as far as it differs from the other. */
export interface Release {
  readonly name: 'libreswan' | 'libreswan-5';
  readonly image: string;
  /** The line of ipsec.conf(5) that makes a connection IKEv1. */
  readonly onlyIkev1: string;
  /**
   * Whether `nat-ikev1-method=none` holds for a responder too. Before 5 it answers any revision of NAT-T that it
   * knows, whatever is set (ikev1_nat.c of 4.10, set_nat_traversal; of 5.2, check_nat_traversal_vid).
   */
  readonly responderCanDoWithoutNatTraversal: boolean;
}

/** 4.10, of Debian bookworm. */
export const release4: Release = {
  name: 'libreswan',
  image: 'libreswan',
  onlyIkev1: 'ikev2=no',
  responderCanDoWithoutNatTraversal: false,
};

/** 5.2, of Debian trixie. */
export const release5: Release = {
  name: 'libreswan-5',
  image: 'libreswan@trixie',
  onlyIkev1: 'keyexchange=ikev1',
  responderCanDoWithoutNatTraversal: true,
};
