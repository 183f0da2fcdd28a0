import type { CbcCipher } from '../cbc.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import type { RetransmissionTiming } from '../retransmission.ts';
import type { EspAlgorithms } from '../sa.ts';
import type { DiffieHellman } from './diffie-hellman.ts';
import type { IkeTamper } from './tamper.ts';

/** Groups of integers modulo a prime: RFC 2409 6.1 and 6.2 (1, 2), RFC 3526 (5, 14, 15, 16). */
export type ModpGroup = 1 | 2 | 5 | 14 | 15 | 16;
/** Random ECP groups, of 256 and of 384 bits (RFC 5903). */
export type EcpGroup = 19 | 20;
/** Group Description values (RFC 2409 appendix A). */
export type Group = ModpGroup | EcpGroup;

/** One phase 1 transform (RFC 2409 appendix A). */
export interface Phase1Transform {
  readonly encryption: CbcCipher;
  readonly hash: 'md5' | 'sha1' | 'sha2-256' | 'sha2-384' | 'sha2-512';
  readonly group: Group;
  readonly lifetimeSeconds: number;
  /** Of octets that the ISAKMP SA protects; absent: no bound. */
  readonly lifetimeKilobytes?: number;
}

/** The attributes of a phase 1 transform; `lifetime` is Life Type with the Life Duration behind it. */
export type Phase1AttributeName =
  | 'encryption'
  | 'key-length'
  | 'hash'
  | 'group'
  | 'authentication'
  | 'lifetime';
/** The attributes of a phase 2 transform; `lifetime` is all SA Life Types, each with its SA Life Duration. */
export type Phase2AttributeName =
  | 'lifetime'
  | 'group'
  | 'encapsulation'
  | 'integrity'
  | 'key-length'
  | 'sequence-numbers';

/**
 * How an initiator writes what it offers. None of it changes what is offered: RFC 2408 3.3 and 4.2 leave
 * all of it open, and each implementation can be told by it.
 */
export interface TransformStyle {
  /** The order of the attributes; one that is not named comes behind those that are. */
  readonly phase1Attributes: readonly Phase1AttributeName[];
  readonly phase2Attributes: readonly Phase2AttributeName[];
  /** A life duration in four octets (`TLV`), or in the short form where two octets hold it (`TV`; RFC 2408 3.3). */
  readonly lifetimeForm: 'TLV' | 'TV';
  /** The number of a proposal's first transform; Openswan and its kin count from 0. */
  readonly firstTransform: 0 | 1;
  /** Phase 2: a proposal for each transform, as Windows writes, or one proposal with all of them, as racoon does. */
  readonly phase2Offer: 'proposals' | 'transforms';
}

/** One phase 2 proposal: ESP with a single transform (RFC 2407 4.5). */
export interface Phase2Proposal extends EspAlgorithms {
  /** An IP packet of its own inside ESP; absent: transport mode, which L2TP is used with (RFC 3193 4). */
  readonly mode?: 'tunnel';
  readonly lifetimeSeconds: number;
  readonly lifetimeKilobytes?: number;
}

/** What an end says it is (RFC 2407 4.6.2). `local-address` is ID_IPV4_ADDR of the address it sends from. */
export type Identity =
  | { readonly type: 'local-address' }
  | { readonly type: 'ipv4'; readonly address: string }
  | { readonly type: 'fqdn'; readonly name: string }
  /** ID_USER_FQDN: `user@example.org`. */
  | { readonly type: 'user-fqdn'; readonly name: string }
  /** ID_KEY_ID: octets that mean something to the two ends alone, in hex. */
  | { readonly type: 'key-id'; readonly id: string };

/** An identity that does not depend on where its packets come from. */
export type NamedIdentity = Exclude<Identity, { type: 'local-address' }>;

/** How an end cuts messages for a peer that announced vendor fragmentation. */
export interface FragmentationConfig {
  /** Of the IP packet that a message or fragment travels in; 576 in Windows ([MS-IKEE] 3.3, note 16). */
  readonly maximumOctets: number;
  /**
   * Absent: every message that is too large. `identity-when-repeated`: only one with an ID payload, and only
   * once it went unanswered, as Windows does ([MS-IKEE] 3.3.2).
   */
  readonly which?: 'identity-when-repeated';
}

interface IkeConfigBase {
  /**
   * In the place of the engine's own, in phase 1. For simulations of very many connections alone: key pairs that
   * several of them share protect none.
   */
  readonly diffieHellman?: DiffieHellman;
  readonly identity: Identity;
  /**
   * The revisions spoken. Where the peer names several of them RFC 3947 goes before the drafts, whatever the
   * order here ([MS-IKEE] 3.2.5.1), and the drafts in this order. Empty switches NAT traversal off (no vendor
   * ids, no NAT-D).
   */
  readonly natTraversal: readonly NatTraversalRevision[];
  /**
   * Hides the own address from NAT detection: the hash of it is random, so that the peer finds this end behind
   * NAT and both put ESP in UDP where no NAT is (libreswan's `encapsulation=yes`, strongSwan's `forceencaps`).
   */
  readonly forcedEncapsulation?: true;
  /**
   * NAT-OA payloads in quick mode. Absent: whenever ESP goes in UDP (RFC 3947 5.2). `when-behind-nat`: only
   * where this end is itself behind NAT ([MS-IKEE] 3.1.5).
   */
  readonly natOriginalAddress?: 'when-behind-nat' | 'never';
  /**
   * The Encapsulation Mode numbers of ESP in UDP. Absent: those of the revision in use (RFC 3947 5.1), and no others.
   * `either`: those of the drafts and of the RFC say the same where they come. `other`: writes those of the other
   * ones, as an end does that misbehaves on request.
   */
  readonly encapsulationNumbers?: 'either' | 'other';
  /** Vendor fragmentation of large messages ([MS-IKEE] 3.3); absent: none is cut, and none is put together. */
  readonly fragmentation?: FragmentationConfig;
  /**
   * Vendor ids in wire order, in hex. Ids that `natTraversal` and `fragmentation` imply and this list lacks are
   * appended.
   */
  readonly vendorIds: readonly string[];
  readonly phase1: readonly Phase1Transform[];
  /** Absent: as Windows writes (`windowsStyle`). A responder answers in the words of the offer. */
  readonly transformStyle?: TransformStyle;
  readonly retransmission: RetransmissionTiming;
  /** RFC 3947 section 4 / RFC 3948 section 4: one 0xFF octet that often, when behind NAT; 0 for never. */
  readonly keepaliveSeconds: number;
  /** RFC 3706. Absent: it is neither announced nor done, and R-U-THERE stays unanswered. */
  readonly deadPeerDetection?: DeadPeerDetection;
  /** Absent: this end replaces no SA and counts no kilobytes, but follows every rekey of the peer. */
  readonly rekey?: RekeyConfig;
  /**
   * Says with its ID and hash that it knows of no earlier SA with this peer, where that is so: INITIAL-CONTACT
   * (RFC 2407 4.6.3.3). One that comes is always heeded.
   */
  readonly initialContact?: true;
  /** Absent: those of `bounds.ts`. */
  readonly bounds?: Bounds;
  /**
   * RESPONDER-LIFETIME (RFC 2407 4.6.3.1) where this end, as responder, keeps an SA for less than was offered.
   * One that comes is always heeded.
   */
  readonly sendsResponderLifetime?: true;
}

/** Dead peer detection (RFC 3706). */
export interface DeadPeerDetection {
  /** `receive`: announces it and answers, and never asks itself (the AlliedWare DPDMODE). */
  readonly mode: 'both' | 'receive';
  /** Asks after that long without anything authentic from the peer, ESP or IKE. */
  readonly idleSeconds: number;
  /** Asks again after that long without R-U-THERE-ACK. */
  readonly retrySeconds: number;
  /** R-U-THERE in all that may stay unanswered; then the peer is dead. */
  readonly attempts: number;
}

/** When this end replaces an SA that is about to be used up (RFC 2409 5.5, RFC 4301 4.4.2.1: the soft lifetime). */
export interface RekeyConfig {
  /** So long before the end of an SA in seconds, but never before half of its life. */
  readonly marginSeconds: number;
  /** So many kilobytes before its end, but never before half of them. */
  readonly marginKilobytes: number;
  /** 0 to 1: each margin is drawn between itself and that much more, so that two ends do not start at once. */
  readonly fuzz: number;
  /** A replaced SA is deleted after that long: what was sent under it has arrived by then. */
  readonly graceSeconds: number;
}

/** How much state others can make this end keep. */
export interface Bounds {
  /** Main and aggressive modes that are not complete, from one address. Clients behind one NAT share it. */
  readonly halfOpenPerAddress: number;
  /** Quick modes under one ISAKMP SA that are not complete. */
  readonly quickModes: number;
  /** Message ids that one ISAKMP SA can spend: none may come again (RFC 2408 3.1), so all are remembered. */
  readonly messageIds: number;
  /** How often one message that is repeated is answered with the same octets. */
  readonly repetitions: number;
}

export interface IkeInitiatorConfig extends IkeConfigBase {
  readonly role: 'initiator';
  readonly preSharedKey: Uint8Array;
  /** Lets its SAs go without Delete payloads, as iOS does (the field facts E4); absent: it says that it goes. */
  readonly endsSilently?: true;
  /** Absent: main mode. Aggressive mode is for one group: that of the first transform of `phase1` (RFC 2409 5). */
  readonly phase1Mode?: 'aggressive';
  /** The group of a Diffie-Hellman exchange in each quick mode; absent: none, the keys come of phase 1 alone. */
  readonly pfs?: Group;
  /** Of quick modes. `counting`: 1, 2, 3 under each ISAKMP SA, as Windows Vista and later; absent: random. */
  readonly messageIds?: 'random' | 'counting';
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
  /**
   * The groups of PFS (RFC 2409 5.5) of which quick mode must name one; with an empty list it must name none.
   * Absent: as the initiator wishes.
   */
  readonly pfs?: readonly Group[];
}

export interface IkeResponderConfig extends IkeConfigBase {
  readonly role: 'responder';
  /** Absent: it has lost its key, and falls silent where SKEYID would need it (RFC 2409 5): after its first message. */
  readonly preSharedKey?: Uint8Array;
  /** For who asks why it refuses everybody; only where it has no key. */
  readonly whyNoKey?: string;
  /** Absent: aggressive mode is refused. */
  readonly acceptsAggressive?: true;
  readonly policies: readonly IpsecPolicy[];
  /** Whose order decides between several common proposals (rule PROP-1). */
  readonly choice: 'initiator-order' | 'responder-order';
  /** `peer-address`: ID_IPV4_ADDR must equal the outer source unless NAT-T found the peer behind NAT (rule NAT-6). A list: one of these. */
  readonly expectedPeerIdentity: 'any' | 'peer-address' | readonly NamedIdentity[];
  /** `outer`: quick mode must be for the addresses of its packets unless NAT-T explains others (rules NAT-16, NAT-20). */
  readonly quickModeAddresses: 'any' | 'outer';
  /** With `outer`: behind NAT it still takes quick modes for its own address alone, not for the one that was dialled. */
  readonly refusesDialledAddress?: true;
  /** NO-PROPOSAL-CHOSEN and its kin are MAY (RFC 2408 5.4). */
  readonly sendsNotifies: boolean;
  /** Delete payloads when an SA goes (the How-To's `senddeletes`). */
  readonly sendsDeletes: boolean;
  /** Main and aggressive modes that are not complete, from anywhere. */
  readonly maximumHalfOpen: number;
  /** Asks the initiator of each quick mode to wait for CONNECTED before it uses the SA (RFC 2408 3.1). */
  readonly setsCommitBit?: true;
  /**
   * The NAT-T ids in the answer. Absent: only the chosen one, so that the initiator cannot choose another
   * (strongSwan). `as-received`: all that came and are spoken here; `as-message-1`: all that are spoken here
   * ([MS-IKEE] 3.2.5.1).
   */
  readonly natTraversalAnswer?: 'as-received' | 'as-message-1';
}

/** What an engine is given: plain settings and, at an end that misbehaves on request, what it does to messages. */
export type IkeConfig = (IkeInitiatorConfig | IkeResponderConfig) & { readonly tamper?: IkeTamper };
