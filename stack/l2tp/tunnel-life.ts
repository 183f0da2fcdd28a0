import type { Instant } from '../engine.ts';

/** RFC 2661 7.2.1, and after its end: acknowledging what the peer repeats, then nothing. */
export type TunnelState =
  | 'wait-ctl-reply'
  | 'wait-ctl-conn'
  | 'established'
  | 'closing'
  | 'lingering'
  | 'gone';

/** Where a tunnel is in its life, and how long it may stay there. */
export class TunnelLife {
  readonly #interval: number;
  #state: TunnelState;
  /** When a tunnel that is not established, has no session or lingers is given up. */
  #patienceUntil: Instant | undefined;

  /**
   * @param interval milliseconds: in which the peer answers, or repeats what it sends
   * @param patience milliseconds: in which it has to be established
   */
  constructor(originator: 'local' | 'peer', interval: number, patience: number, now: Instant) {
    this.#interval = interval;
    this.#state = originator === 'local' ? 'wait-ctl-reply' : 'wait-ctl-conn';
    this.#patienceUntil = now + patience;
  }

  get state(): TunnelState {
    return this.#state;
  }

  /** Neither ended nor lingering. */
  get isLive(): boolean {
    return this.#state !== 'lingering' && this.#state !== 'gone';
  }

  deadline(): Instant | undefined {
    return this.#patienceUntil;
  }

  /** Whether it stayed too long where it is; said once. */
  tookTooLong(now: Instant): boolean {
    if (this.#patienceUntil === undefined || now < this.#patienceUntil) return false;
    this.#patienceUntil = undefined;
    return true;
  }

  /** A session is to follow. */
  established(now: Instant): void {
    this.#state = 'established';
    this.waitsForSession(now);
  }

  waitsForSession(now: Instant): void {
    this.#patienceUntil = now + this.#interval;
  }

  /** It has a session, or has asked for one. */
  hasSession(): void {
    this.#patienceUntil = undefined;
  }

  /** The StopCCN of this end is on its way. */
  closes(): void {
    this.#state = 'closing';
    this.#patienceUntil = undefined;
  }

  /** RFC 2661 5.8, 7.6: for the full retransmission interval what the peer repeats is acknowledged. */
  lingers(now: Instant): void {
    this.#state = 'lingering';
    this.#patienceUntil = now + this.#interval;
  }

  ends(): void {
    this.#state = 'gone';
    this.#patienceUntil = undefined;
  }
}
