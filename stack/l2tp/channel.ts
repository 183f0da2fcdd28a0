import type { Instant } from '../engine.ts';
import { gapAfter, type RetransmissionTiming } from '../retransmission.ts';

/** What the channel carries: the body of a control message and the session it is about. */
export interface Outgoing {
  readonly name: string;
  readonly sessionId: number;
  readonly body: Uint8Array;
}

/** One message to put on the wire now. */
export interface Transmission extends Outgoing {
  readonly ns: number;
  readonly nr: number;
  readonly transmission: number;
}

interface Queued {
  readonly outgoing: Outgoing;
  readonly ns: number;
  transmissions: number;
}

/** RFC 2661 4.4.3: the window of a peer that sends no Receive Window Size. */
export const defaultWindow = 4;

const difference = (a: number, b: number) => (a - b) & 0xffff;

/**
 * The reliable transport of one control connection (RFC 2661 5.8): sequence numbers, sliding
 * window with slow start (appendix A), retransmission with back-off, acknowledgement. After a
 * timeout everything unacknowledged counts as unsent and goes again as the window opens.
 */
export class ControlChannel<Incoming> {
  readonly #timing: RetransmissionTiming;
  readonly #receiveWindow: number;
  #queue: Queued[] = [];
  /** How many messages at the head of the queue are on their way. */
  #inFlight = 0;
  #nextNs = 0;
  #nr = 0;
  #peerWindow = defaultWindow;
  #congestionWindow = 1;
  #slowStartThreshold = defaultWindow;
  readonly #held = new Map<number, Incoming>();
  #acknowledgementDue = false;
  #retransmitAt: Instant | undefined;
  #lost = false;

  constructor(timing: RetransmissionTiming, receiveWindow: number) {
    this.#timing = timing;
    this.#receiveWindow = receiveWindow;
  }

  /** The peer stayed silent through every transmission of one message. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Nothing waits for an acknowledgement. */
  get quiet(): boolean {
    return this.#queue.length === 0;
  }

  /** How many messages wait to be sent or acknowledged. */
  get backlog(): number {
    return this.#queue.length;
  }

  get deadline(): Instant | undefined {
    return this.#retransmitAt;
  }

  /** The peer's Receive Window Size. */
  setPeerWindow(size: number): void {
    this.#peerWindow = size;
    this.#slowStartThreshold = size;
  }

  /** Queues a message; `transmit` says when it may go. */
  send(outgoing: Outgoing): void {
    this.#queue.push({ outgoing, ns: this.#nextNs, transmissions: 0 });
    this.#nextNs = (this.#nextNs + 1) & 0xffff;
  }

  /** Forgets what was not acknowledged: the connection is over. */
  abandon(): void {
    this.#queue = [];
    this.#inFlight = 0;
    this.#retransmitAt = undefined;
    this.#held.clear();
  }

  /** Takes the Nr of any message. One that acknowledges what was never sent is not believed. */
  acknowledge(nr: number, now: Instant): void {
    const head = this.#queue[0];
    if (head === undefined) return;
    const acknowledged = difference(nr, head.ns);
    const sent = this.#queue.filter((queued) => queued.transmissions > 0).length;
    if (acknowledged === 0 || acknowledged > sent) return;
    this.#queue.splice(0, acknowledged);
    this.#inFlight = Math.max(0, this.#inFlight - acknowledged);
    const slowStart = this.#congestionWindow < this.#slowStartThreshold;
    this.#congestionWindow += slowStart ? 1 : 1 / this.#congestionWindow;
    const next = this.#queue[0];
    this.#retransmitAt =
      next === undefined || this.#inFlight === 0
        ? undefined
        : now + gapAfter(this.#timing, next.transmissions);
  }

  /**
   * Takes a message that is no ZLB. Gives what may now be processed, in order, and says whether
   * it was seen before: a duplicate is acknowledged again and never processed again. One that came
   * early is held while it fits the receive window.
   */
  accept(ns: number, incoming: Incoming): { readonly ready: Incoming[]; readonly duplicate: boolean } {
    const ahead = difference(ns, this.#nr);
    if (ahead >= 0x8000) {
      this.#acknowledgementDue = true;
      return { ready: [], duplicate: true };
    }
    if (ahead > 0) {
      const duplicate = this.#held.has(ns);
      if (ahead < this.#receiveWindow) this.#held.set(ns, incoming);
      return { ready: [], duplicate };
    }
    const ready = [incoming];
    this.#acknowledgementDue = true;
    this.#nr = (this.#nr + 1) & 0xffff;
    for (;;) {
      const next = this.#held.get(this.#nr);
      if (next === undefined) return { ready, duplicate: false };
      this.#held.delete(this.#nr);
      ready.push(next);
      this.#nr = (this.#nr + 1) & 0xffff;
    }
  }

  /** Everything that the window lets go now; then a ZLB (no name, empty body) if an acknowledgement is due. */
  transmit(now: Instant): Transmission[] {
    const window = Math.min(this.#peerWindow, Math.max(1, Math.floor(this.#congestionWindow)));
    const transmissions: Transmission[] = [];
    while (this.#inFlight < window) {
      const queued = this.#queue[this.#inFlight];
      if (queued === undefined) break;
      this.#inFlight++;
      queued.transmissions++;
      this.#retransmitAt ??= now + gapAfter(this.#timing, queued.transmissions);
      transmissions.push({
        ...queued.outgoing,
        ns: queued.ns,
        nr: this.#nr,
        transmission: queued.transmissions,
      });
    }
    if (transmissions.length === 0 && this.#acknowledgementDue) {
      const ns = this.#queue[this.#inFlight]?.ns ?? this.#nextNs;
      transmissions.push({
        name: 'ZLB',
        sessionId: 0,
        body: new Uint8Array(),
        ns,
        nr: this.#nr,
        transmission: 1,
      });
    }
    this.#acknowledgementDue = false;
    return transmissions;
  }

  /** Lets the retransmission timer run out when it is due; `transmit` then repeats, unless `lost`. */
  tick(now: Instant): void {
    if (this.#retransmitAt === undefined || now < this.#retransmitAt) return;
    this.#retransmitAt = undefined;
    const head = this.#queue[0];
    if (head === undefined) return;
    if (head.transmissions >= this.#timing.transmissions) {
      this.#lost = true;
      return;
    }
    this.#slowStartThreshold = Math.max(1, this.#congestionWindow / 2);
    this.#congestionWindow = 1;
    this.#inFlight = 0;
  }
}
