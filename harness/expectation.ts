import type { Reason, Stage } from './stage.ts';

/** What the rule table says must happen in a cell. */
export interface Expectation {
  readonly outcome: Outcome;
  /** What must hold besides: each is checked against the evidence and can fail the cell. */
  readonly checks: readonly Check[];
  readonly rules: readonly RuleReference[];
  /** The documents contradict each other here; such cells are totalled apart. */
  readonly disputed: boolean;
}

export type Outcome =
  | { readonly kind: 'connect' }
  | { readonly kind: 'stop'; readonly stage: Stage; readonly reason: Reason };

export interface RuleReference {
  readonly id: string;
  readonly source: string;
  /** V verified, D derived, R recalled: the marks of the reference table. */
  readonly confidence: 'V' | 'D' | 'R';
}

/** Checks that need evidence beyond the stage. */
export type Check =
  | { readonly check: 'esp-in-udp' }
  | { readonly check: 'esp-as-protocol-50' }
  | { readonly check: 'port-float'; readonly expected: boolean }
  | { readonly check: 'inner-address'; readonly address: string }
  | { readonly check: 'inner-address-in-pool'; readonly first: string; readonly last: string }
  | { readonly check: 'dns-received'; readonly address: string }
  | { readonly check: 'phase1-transform'; readonly transform: string }
  | { readonly check: 'phase2-transform'; readonly transform: string }
  | { readonly check: 'downgrade-warning' }
  /** The client's L2TP goes in the clear, and is answered nowhere. */
  | { readonly check: 'clear-l2tp-unanswered' }
  /** An end warns that the pre-shared key has more than letters and digits. */
  | { readonly check: 'key-warning' }
  | { readonly check: 'main-mode-messages'; readonly count: number }
  | { readonly check: 'aggressive-mode-messages'; readonly count: number }
  | { readonly check: 'quick-mode-messages'; readonly counts: readonly number[] }
  | { readonly check: 'nothing-left' }
  /** The client said of each of these layers that it is over, the responder heard it, and StopCCN was acknowledged. */
  | { readonly check: 'ends-told'; readonly layers: readonly EndedLayer[] }
  /** No hop of the traceroute to the office has a public address. */
  | { readonly check: 'no-public-hop' }
  /** A host on the Internet hears the client from this address alone. */
  | { readonly check: 'browses-from'; readonly address: string }
  /** No IKE on port 500 once there was some on 4500. */
  | { readonly check: 'ike-stays-on-4500' }
  /** Traffic passes again after what happens to the connection while it stands. */
  | { readonly check: 'survives-hold' }
  /** Of the SAs of both phases some were replaced, and every one of these by this end. */
  | { readonly check: 'replaced-by'; readonly end: 'client' | 'responder' }
  /** No ESP came under an SPI that its receiver had given up already. */
  | { readonly check: 'old-sas-accepted' }
  /** A responder that has lost its state answers ESP under the old SPIs with nothing, or with INVALID-SPI. */
  | { readonly check: 'old-spi-unanswered' }
  /** The responder has let go of a silent client's PPP, L2TP session and address when so many of its echo intervals were over. */
  | { readonly check: 'freed-within'; readonly intervals: number }
  /** It has its SAs with that client still then. */
  | { readonly check: 'sas-outlive-link' }
  /** It has let go of its SAs with a silent client when so much time has gone, and not before. */
  | { readonly check: 'sas-end-between'; readonly fromSeconds: number; readonly toSeconds: number }
  /** Which ends each end takes to be behind NAT, where it tells. */
  | { readonly check: 'nat-seen'; readonly byClient: EndsSeen; readonly byResponder: EndsSeen }
  /** Whether the client hears why the responder refuses it. */
  | { readonly check: 'refusal-told'; readonly expected: boolean }
  /** NAT-keepalives of a client whose connection is idle, on its own segment. */
  | { readonly check: 'keepalives-sent' }
  /** No NAT-keepalive goes toward the client. */
  | { readonly check: 'keepalives-unanswered' }
  /** No end had to drop a packet for its contents. */
  | { readonly check: 'nothing-spoilt' }
  /** An end dropped something for this reason. */
  | { readonly check: 'dropped'; readonly end: 'client' | 'responder'; readonly reason: string };

export type EndedLayer = 'ppp' | 'l2tp-session' | 'l2tp-tunnel' | 'phase2' | 'phase1';

/** Of which ends something is true; `any` where nothing is asked. */
export type EndsSeen = 'neither' | 'client' | 'responder' | 'both' | 'any';

export function outcomeText(outcome: Outcome): string {
  return outcome.kind === 'connect' ? 'connect' : `stop at ${outcome.stage}: ${outcome.reason}`;
}
