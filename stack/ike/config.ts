import type { CbcCipher } from '../cbc.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import type { RetransmissionTiming } from '../retransmission.ts';
import type { EspAlgorithms } from '../sa.ts';

/** One phase 1 transform (RFC 2409 appendix A). */
export interface Phase1Transform {
  readonly encryption: CbcCipher;
  readonly hash: 'md5' | 'sha1' | 'sha2-256';
  readonly group: 1 | 2 | 14;
  readonly lifetimeSeconds: number;
}

/** One phase 2 proposal: ESP in transport mode with a single transform (RFC 2407 4.5). */
export interface Phase2Proposal extends EspAlgorithms {
  readonly lifetimeSeconds: number;
  readonly lifetimeKilobytes?: number;
}

/** What an end says it is (RFC 2407 4.6.2). `local-address` is ID_IPV4_ADDR of the address it sends from. */
export type Identity =
  | { readonly type: 'local-address' }
  | { readonly type: 'ipv4'; readonly address: string }
  | { readonly type: 'fqdn'; readonly name: string };

interface IkeConfigBase {
  readonly preSharedKey: Uint8Array;
  readonly identity: Identity;
  /**
   * The revisions spoken; where the peer names several of them RFC 3947 goes before the drafts, whatever the
   * order here ([MS-IKEE] 3.2.5.1). Empty switches NAT traversal off (no vendor ids, no NAT-D).
   */
  readonly natTraversal: readonly NatTraversalRevision[];
  /** Vendor ids in wire order, in hex. A NAT-T id that `natTraversal` implies and this list lacks is appended. */
  readonly vendorIds: readonly string[];
  readonly phase1: readonly Phase1Transform[];
  readonly retransmission: RetransmissionTiming;
  /** RFC 3947 section 4 / RFC 3948 section 4: one 0xFF octet that often, when behind NAT; 0 for never. */
  readonly keepaliveSeconds: number;
}

export interface IkeInitiatorConfig extends IkeConfigBase {
  readonly role: 'initiator';
  /** Says in message 5 that it knows of no earlier SA with this responder: INITIAL-CONTACT (RFC 2407 4.6.3.3). */
  readonly initialContact?: true;
  readonly phase2: readonly Phase2Proposal[];
  /** UDP port of IDci and IDcr; 0 is any. The protocol is 17. */
  readonly localPort: number;
  readonly peerPort: number;
  /**
   * AssumeUDPEncapsulationContextOnSendRule of a Windows client (facts C1), absent where the client has no such rule.
   * `whenRefused` is disputed for XP SP2 (facts C2): both readings exist.
   */
  readonly natRule?: {
    readonly rule: 0 | 1 | 2;
    readonly whenRefused: 'stop-after-nat-detection' | 'complete-but-send-no-esp';
  };
}

/** Which quick modes a responder takes, in order; the first that matches decides. Absent ports accept any. */
export interface IpsecPolicy {
  readonly name: string;
  readonly protocol: number;
  /** The responder's own port, compared with IDcr (the How-To's `lport`). */
  readonly localPort?: number;
  /** The initiator's port, compared with IDci (the How-To's `rport`). */
  readonly peerPort?: number;
  readonly proposals: readonly Phase2Proposal[];
}

export interface IkeResponderConfig extends IkeConfigBase {
  readonly role: 'responder';
  readonly policies: readonly IpsecPolicy[];
  /** Whose order decides between several common proposals (rule PROP-1). */
  readonly choice: 'initiator-order' | 'responder-order';
  /** `peer-address`: ID_IPV4_ADDR must equal the outer source unless NAT-T found the peer behind NAT (rule NAT-6). */
  readonly expectedPeerIdentity: 'any' | 'peer-address';
  /** `outer`: quick mode must be for the addresses of its packets unless NAT-T explains others (rules NAT-16, NAT-20). */
  readonly quickModeAddresses: 'any' | 'outer';
  /** NO-PROPOSAL-CHOSEN and its kin are MAY (RFC 2408 5.4). */
  readonly sendsNotifies: boolean;
  /** Delete payloads when an SA goes (the How-To's `senddeletes`). */
  readonly sendsDeletes: boolean;
  readonly maximumHalfOpen: number;
}

export type IkeConfig = IkeInitiatorConfig | IkeResponderConfig;
