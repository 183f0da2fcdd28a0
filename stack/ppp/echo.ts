import type { Instant } from '../engine.ts';

/** Counts LCP Echo-Requests that stay unanswered (RFC 1661 5.8). */
export class EchoMonitor {
  deadline: Instant | undefined;
  readonly #everyMs: number;
  readonly #failures: number;
  #unanswered = 0;

  /** @param seconds between requests; 0 sends none. @param failures unanswered ones after which the peer counts as dead. */
  constructor(seconds: number, failures: number) {
    this.#everyMs = seconds * 1000;
    this.#failures = failures;
  }

  start(now: Instant): void {
    this.#unanswered = 0;
    this.deadline = this.#everyMs > 0 ? now + this.#everyMs : undefined;
  }

  stop(): void {
    this.deadline = undefined;
  }

  answered(): void {
    this.#unanswered = 0;
  }

  /** Whether to send a request now, or to give the peer up: so many intervals after the first unanswered request. */
  tick(now: Instant): 'send' | 'dead' | undefined {
    if (this.deadline === undefined || now < this.deadline) return undefined;
    if (this.#unanswered >= this.#failures) {
      this.stop();
      return 'dead';
    }
    this.#unanswered++;
    this.deadline = now + this.#everyMs;
    return 'send';
  }
}
