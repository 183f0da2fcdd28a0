import type { Instant } from '../engine.ts';
import { gapAfter, type RetransmissionTiming } from '../retransmission.ts';
import { EarlyMessages } from './early-messages.ts';

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
  /** When it went first, in the present round of repetitions. */
  sentSince?: Instant | undefined;
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
  #timing: RetransmissionTiming;
  readonly #receiveWindow: number;
  #queue: Queued[] = [];
  /** How many messages at the head of the queue are on their way. */
  #inFlight = 0;
  #nextNs = 0;
  #nr = 0;
  #peerWindow = defaultWindow;
  #congestionWindow = 1;
  #slowStartThreshold = defaultWindow;
  readonly #early = new EarlyMessages<Incoming>();
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

  /** How many messages came early and wait for those before them. */
  get early(): number {
    return this.#early.size;
  }

  /** The message that waits longest, and since when. */
  get oldest(): { readonly name: string; readonly since: Instant | undefined } | undefined {
    const [head] = this.#queue;
    return head && { name: head.outgoing.name, since: head.sentSince };
  }

  get deadline(): Instant | undefined {
    return this.#retransmitAt;
  }

  /** What the peer's first answer decides: its Receive Window Size, and how long it is waited for from now on. */
  meet(peerWindow: number, timing: RetransmissionTiming): void {
    this.#peerWindow = peerWindow;
    this.#slowStartThreshold = peerWindow;
    this.#timing = timing;
  }

  /** Begins the repetitions of a lost message anew. */
  persist(): void {
    this.#lost = false;
    const [head] = this.#queue;
    if (head === undefined) return;
    head.transmissions = 1;
    head.sentSince = undefined;
    this.#inFlight = 0;
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
    this.#early.clear();
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
    const wider = this.#congestionWindow + (slowStart ? 1 : 1 / this.#congestionWindow);
    this.#congestionWindow = Math.min(wider, this.#peerWindow);
    const next = this.#queue[0];
    this.#retransmitAt =
      next === undefined || this.#inFlight === 0
        ? undefined
        : now + gapAfter(this.#timing, next.transmissions);
  }

  /**
   * Takes a message that is no ZLB. Gives what may now be processed, in order, and says whether
   * it was seen before: a duplicate is acknowledged again and never processed again. One that came
   * early is held while it fits the receive window and, with its `octets`, into memory; one `beyond` that window comes
   * from nobody who keeps to it (RFC 2661 5.8), and is dropped.
   */
  accept(
    ns: number,
    incoming: Incoming,
    octets: number,
  ): { readonly ready: Incoming[]; readonly duplicate: boolean; readonly beyond?: true } {
    const ahead = difference(ns, this.#nr);
    if (ahead >= 0x8000) {
      this.#acknowledgementDue = true;
      return { ready: [], duplicate: true };
    }
    if (ahead > 0) {
      if (ahead >= this.#receiveWindow) return { ready: [], duplicate: false, beyond: true };
      const duplicate = this.#early.has(ns);
      this.#early.hold(ns, incoming, octets);
      return { ready: [], duplicate };
    }
    const ready = [incoming];
    this.#acknowledgementDue = true;
    this.#nr = (this.#nr + 1) & 0xffff;
    for (;;) {
      const next = this.#early.take(this.#nr);
      if (next === undefined) return { ready, duplicate: false };
      ready.push(next);
      this.#nr = (this.#nr + 1) & 0xffff;
    }
  }

  /** Everything that the window lets go now; then a ZLB (no name, empty body) if an acknowledgement is due. */
  transmit(now: Instant): Transmission[] {
    const window = Math.max(1, Math.floor(this.#congestionWindow));
    const transmissions: Transmission[] = [];
    while (this.#inFlight < window) {
      const queued = this.#queue[this.#inFlight];
      if (queued === undefined) break;
      this.#inFlight++;
      queued.transmissions++;
      queued.sentSince ??= now;
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
