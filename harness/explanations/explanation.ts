import type { Reason, Stage } from '../stage.ts';

/** Where the cells stand of which an explanation speaks; all of an explanation's must hold. */
export const circumstances = [
  'client behind NAT',
  'responder behind NAT',
  'a filtering gateway',
  'no NAT',
  'no common NAT-T revision',
  'client without IPsec',
] as const;
export type Circumstance = (typeof circumstances)[number];

/** A step, and why it stopped there; without a reason, whatever the reason is. */
export interface Stop {
  readonly stage: Stage;
  readonly reason?: Reason;
}

/** A title of docs/sources.md, and a place in it. V: read there. D: derived from it. R: recalled, nothing read. */
export interface Citation {
  readonly title: string;
  readonly confidence: 'V' | 'D' | 'R';
}

/** What is wrong, and what the operator can do. Three lines at most. */
export interface Advice {
  readonly id: string;
  /** Only where these hold; absent: everywhere. */
  readonly where?: readonly Circumstance[];
  readonly means: string;
  readonly remedies: readonly string[];
  readonly sources: readonly Citation[];
}

/** What a stop means. */
export interface Explanation extends Advice {
  readonly at: readonly Stop[];
}

export const verified = (title: string): Citation => ({ title, confidence: 'V' });
export const derived = (title: string): Citation => ({ title, confidence: 'D' });
/** Said from memory. */
export const recalled: Citation = { title: 'no source read', confidence: 'R' };

export const howTo = 'AlliedWare How-To';
