import type { ClientFacts } from '../oracle/facts.ts';
import { usualProposals } from '../peers/strongswan/algorithms.ts';

/**
 * kl2tpd over strongSwan, whose revisions of NAT-T and proposals are its own (isakmp_vendor.c of 6.0.1). Without a data
 * plane it speaks no PPP, and so no authentication (kl2tpd(8), -null). Its socket asks for nothing but UDP
 * (controlplane.go), and has checksums.
 */
export const goL2tpFacts: ClientFacts = {
  natTraversal: ['rfc3947', 'draft-02n'],
  phase1: usualProposals.phase1,
  phase2: usualProposals.phase2,
  ports: { local: 1701, remote: 1701 },
  authentication: [],
  dataPlane: false,
  innerChecksum: true,
  sendsDeletes: true,
};
