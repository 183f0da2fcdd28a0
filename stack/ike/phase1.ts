import type { RandomSource } from '../engine.ts';
import type { Identification } from '../isakmp/identification.ts';
import type { NatDetection } from '../nat-traversal/detection.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import type { AggressiveModeState } from './aggressive-mode.ts';
import type { IkeConfig, Phase1Transform } from './config.ts';
import type { Ends } from './exchange.ts';
import type { MainModeState } from './main-mode.ts';
import type { Phase1Transcript } from './phase1-authentication.ts';
import type { Phase1Keys } from './phase1-keys.ts';

export interface Cookies {
  readonly initiatorCookie: Uint8Array;
  readonly responderCookie: Uint8Array;
}

/** Agreed with the SA payloads of both ends. */
export interface Negotiated {
  readonly transform: Phase1Transform;
  readonly revision: NatTraversalRevision | undefined;
  /** All revisions that both ends named, where the initiator was told of more than one. */
  readonly common?: readonly NatTraversalRevision[];
  /** SAi_b: the body of message 1's SA payload. */
  readonly initiatorSa: Uint8Array;
}

/** Known once both public values have been exchanged. */
export interface Keyed extends Negotiated {
  /** `undefined` where no NAT-D was exchanged. */
  readonly nat: NatDetection | undefined;
  readonly keys: Phase1Keys;
  readonly transcript: Phase1Transcript;
  /** The IV of the next message: the last block of the one before it. */
  readonly iv: Uint8Array;
}

/** Phase 1 is complete; `iv` is the last block of phase 1, which the exchanges that follow start from. */
export interface Established extends Keyed {
  readonly at: 'established';
  readonly peerIdentity: Identification;
  /** The peer's last message of phase 1 carried INITIAL-CONTACT (RFC 2407 4.6.3.3). */
  readonly initialContact: boolean;
}

export interface Phase1Context<Config extends IkeConfig> extends Cookies {
  readonly config: Config;
  readonly random: RandomSource;
  /** Where the message came from and to which own address. */
  readonly ends: Ends;
}

/** The exchanges that make an ISAKMP SA (RFC 2409 5). */
export type Phase1Mode = 'main-mode' | 'aggressive-mode';

export type Phase1State = MainModeState | AggressiveModeState;

/**
 * The message that each state waits for, and whether it comes encrypted. Message 3 of aggressive mode may come
 * either way (RFC 2409 5.4).
 */
export const awaited = {
  'sa-sent': { message: 2, encrypted: false },
  'sa-answered': { message: 3, encrypted: false },
  'ke-sent': { message: 4, encrypted: false },
  'ke-answered': { message: 5, encrypted: true },
  'id-sent': { message: 6, encrypted: true },
  'all-sent': { message: 2, encrypted: false },
  'all-answered': { message: 3, encrypted: undefined },
} as const;
