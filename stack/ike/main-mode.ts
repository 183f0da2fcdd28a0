import type { RandomSource } from '../engine.ts';
import type { Identification } from '../isakmp/identification.ts';
import type { SecurityAssociation } from '../isakmp/security-association.ts';
import type { NatDetection } from '../nat-traversal/detection.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import type { IkeConfig, Phase1Transform } from './config.ts';
import type { KeyPair } from './diffie-hellman.ts';
import type { Ends } from './exchange.ts';
import type { Phase1Transcript } from './phase1-authentication.ts';
import type { Phase1Keys } from './phase1-keys.ts';

export interface Cookies {
  readonly initiatorCookie: Uint8Array;
  readonly responderCookie: Uint8Array;
}

/** Agreed with messages 1 and 2. */
export interface Negotiated {
  readonly transform: Phase1Transform;
  readonly revision: NatTraversalRevision | undefined;
  /** All revisions that both ends named, where the initiator was told of more than one. */
  readonly common?: readonly NatTraversalRevision[];
  /** SAi_b: the body of message 1's SA payload. */
  readonly initiatorSa: Uint8Array;
}

/** Known after messages 3 and 4. */
export interface Keyed extends Negotiated {
  /** `undefined` where no NAT-D was exchanged. */
  readonly nat: NatDetection | undefined;
  readonly keys: Phase1Keys;
  readonly transcript: Phase1Transcript;
  /** The IV of the next message: the last block of the one before it. */
  readonly iv: Uint8Array;
}

/** After message 6; `iv` is the last block of phase 1, which the exchanges that follow start from. */
export interface Established extends Keyed {
  readonly at: 'established';
  readonly peerIdentity: Identification;
  /** The peer's last message of phase 1 carried INITIAL-CONTACT (RFC 2407 4.6.3.3). */
  readonly initialContact: boolean;
}

/** How far main mode has come (RFC 2409 5.4), named by what this side did last. */
export type MainModeState =
  | { readonly at: 'sa-sent'; readonly offer: SecurityAssociation }
  | ({ readonly at: 'sa-answered' } & Negotiated)
  | ({ readonly at: 'ke-sent'; readonly keyPair: KeyPair; readonly nonce: Uint8Array } & Negotiated)
  | ({ readonly at: 'ke-answered' } & Keyed)
  | ({ readonly at: 'id-sent' } & Keyed)
  | Established;

export type StateAt<At extends MainModeState['at']> = Extract<MainModeState, { at: At }>;

export interface MainModeContext<Config extends IkeConfig> extends Cookies {
  readonly config: Config;
  readonly random: RandomSource;
  /** Where the message came from and to which own address. */
  readonly ends: Ends;
}
