import { earliest } from '../deadline.ts';
import type { Instant } from '../engine.ts';
import type { DropReason } from '../fact.ts';
import type { L2tpConfig } from './config.ts';
import { type DataPacket, encodeDataPacket } from './header.ts';
import { isLcpEcho } from './lcp-echo.ts';

/** What became of one data message. */
export interface Arrival {
  /** PPP frames that go on now, in order. */
  readonly frames: readonly Uint8Array[];
  /** Why the message itself does not. */
  readonly dropped?: { readonly reason: DropReason; readonly detail: string };
}

/**
 * The data messages of one session and their sequence numbers (RFC 2661 5.4). An LNS decides whether there
 * are any, message by message, and its LAC does the same from then on; where Sequencing Required was said
 * they are always there. Numbers find what was lost, late or repeated; nothing is sent again.
 */
export class DataChannel {
  readonly #config: L2tpConfig;
  readonly #peer: { readonly tunnelId: number; readonly sessionId: number };
  readonly #required: boolean;
  #numbers: boolean;
  #nextNs = 0;
  #expected = 0;
  /** Frames that came early, and until when they wait for those before them. */
  readonly #early = new Map<number, { readonly frame: Uint8Array; readonly until: Instant }>();

  /** @param required Sequencing Required was said when the session was set up */
  constructor(config: L2tpConfig, peer: { tunnelId: number; sessionId: number }, required: boolean) {
    this.#config = config;
    this.#peer = peer;
    this.#required = required;
    this.#numbers = required || (config.role === 'lns' && config.sequencesData === true);
  }

  /** LNS: numbers what it sends from now on, or stops to. Numbers go on where they stopped. */
  sequence(enabled: boolean): void {
    this.#numbers = this.#required || enabled;
  }

  /** The data message that carries a PPP frame to the peer. */
  wrap(frame: Uint8Array): Uint8Array {
    const { withoutLength, offsetSize, prioritisesEcho } = this.#config.dataHeader ?? {};
    const form = {
      ...this.#peer,
      body: frame,
      priority: prioritisesEcho === true && isLcpEcho(frame),
      ...(withoutLength && { withoutLength }),
      ...(offsetSize !== undefined && { offsetSize }),
    };
    if (!this.#numbers) return encodeDataPacket(form);
    const ns = this.#nextNs;
    this.#nextNs = next(ns);
    return encodeDataPacket({ ...form, ns });
  }

  receive({ ns, body }: DataPacket, now: Instant): Arrival {
    if (!this.#required && this.#config.role === 'lac') this.#numbers = ns !== undefined;
    if (ns === undefined) {
      if (!this.#required) return { frames: [body] };
      return drop('unexpected', 'data without a sequence number, which Sequencing Required demands');
    }
    const ahead = (ns - this.#expected) & 0xffff;
    if (ahead >= 0x8000 || this.#early.has(ns)) {
      return drop('replayed', `data with Ns ${ns}, after ${this.#expected} was expected`);
    }
    const { reordering } = this.#config;
    if (ahead > 0 && reordering !== undefined && this.#early.size < reordering.maximumFrames) {
      this.#early.set(ns, { frame: body.slice(), until: now + reordering.maximumMs });
      return { frames: [] };
    }
    const before = ahead > 0 ? this.#upTo(ns) : [];
    this.#expected = next(ns);
    return { frames: [...before, body, ...this.#following()] };
  }

  /** When the first frame that came early no longer waits for those before it. */
  get deadline(): Instant | undefined {
    return earliest([...this.#early.values()].map(({ until }) => until));
  }

  /** The frames that waited long enough, with those before them. */
  tick(now: Instant): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let due = this.deadline; due !== undefined && due <= now; due = this.deadline) {
      this.#expected = this.#nearest();
      frames.push(...this.#following());
    }
    return frames;
  }

  #nearest(): number {
    const distance = (ns: number) => (ns - this.#expected) & 0xffff;
    return [...this.#early.keys()].reduce((near, ns) => (distance(ns) < distance(near) ? ns : near));
  }

  /** Early frames before `ns`, however many are missing among them. */
  #upTo(ns: number): Uint8Array[] {
    const frames: Uint8Array[] = [];
    const distance = (ns - this.#expected) & 0xffff;
    for (let step = 0; step < distance && this.#early.size > 0; step++) {
      const frame = this.#take((this.#expected + step) & 0xffff);
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  /** Early frames whose turn has come. */
  #following(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let frame = this.#take(this.#expected); frame !== undefined; frame = this.#take(this.#expected)) {
      frames.push(frame);
      this.#expected = next(this.#expected);
    }
    return frames;
  }

  #take(ns: number): Uint8Array | undefined {
    const held = this.#early.get(ns);
    this.#early.delete(ns);
    return held?.frame;
  }
}

function next(ns: number): number {
  return (ns + 1) & 0xffff;
}

function drop(reason: DropReason, detail: string): Arrival {
  return { frames: [], dropped: { reason, detail } };
}
