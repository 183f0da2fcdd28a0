import type { SecurityAssociation } from '../isakmp/security-association.ts';
import type { KeyPair } from './diffie-hellman.ts';
import type { Established, Keyed, Negotiated } from './phase1.ts';

/** How far main mode has come (RFC 2409 5.4), named by what this side did last. */
export type MainModeState =
  | { readonly at: 'sa-sent'; readonly offer: SecurityAssociation }
  | ({ readonly at: 'sa-answered' } & Negotiated)
  | ({ readonly at: 'ke-sent'; readonly keyPair: KeyPair; readonly nonce: Uint8Array } & Negotiated)
  | ({ readonly at: 'ke-answered' } & Keyed)
  | ({ readonly at: 'id-sent' } & Keyed)
  | Established;

export type StateAt<At extends MainModeState['at']> = Extract<MainModeState, { at: At }>;
