import type { Instant } from '../engine.ts';
import type { Packet } from './packet.ts';

/** What an authentication protocol wants done. An outcome comes once for each challenge. */
export interface AuthenticationStep {
  readonly packet?: Uint8Array;
  readonly outcome?: AuthenticationOutcome;
}

export type AuthenticationOutcome = { readonly authenticated: true; readonly user: string } | Unauthenticated;

export interface Unauthenticated {
  readonly authenticated: false;
  readonly reason: 'auth-failed' | 'no-answer';
  readonly detail: string;
  /** What Windows calls it (`ras-error.ts`). */
  readonly errorNumber?: number;
}

/** One end of PAP or CHAP. */
export interface AuthenticationEnd {
  /** Its PPP protocol number. */
  readonly protocol: number;
  readonly deadline: Instant | undefined;
  /** Server: the refusal of an attempt after which the client may make another. It stands if the client leaves. */
  readonly standingRefusal?: Unauthenticated | undefined;
  start(now: Instant): AuthenticationStep;
  receive(packet: Packet, now: Instant): AuthenticationStep;
  tick(now: Instant): AuthenticationStep;
}
