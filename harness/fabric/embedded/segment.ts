import type { Instant } from '../../../stack/engine.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a segment carries packets; each copy of one is treated by itself. */
export interface LinkQuality {
  readonly latencyMs: number;
  /** Each copy takes up to that much longer: above 0 they overtake each other. */
  readonly jitterMs: number;
  /** Chances from 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
  /** Chance that a copy does not wait: it goes ahead of those that latency and jitter hold, as netem's `reorder`. */
  readonly reordering: number;
  /** Octets of an IP packet. Nodes know it; a larger one that is sent all the same is lost. */
  readonly mtu: number;
  /** Mbit/s toward each node; a packet waits until those before it have left. Absent: no limit. */
  readonly rate?: number;
  /** How many may wait for that; one more is dropped. */
  readonly queue: number;
}

/** The queue is as long as netem's. */
export const perfectLink: LinkQuality = {
  latencyMs: 0.1,
  jitterMs: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  mtu: 1500,
  queue: 1000,
};

/** A packet as it stood on a segment, and between which interfaces. */
export interface Frame {
  readonly at: Instant;
  readonly from: number;
  readonly to: number;
  readonly packet: Uint8Array;
}

/** One layer-2 wire: interfaces with addresses, and the packets between them. */
export class Segment {
  readonly name: string;
  /** What a capture at this segment shows: packets as they were sent, also those that are lost. */
  readonly frames: Frame[] = [];
  quality: LinkQuality = perfectLink;
  readonly #time: VirtualTime;
  readonly #chance: () => number;
  readonly #stations = new Map<number, (packet: Uint8Array) => void>();
  /** When each of the packets leaves that wait, by the node they go to. */
  readonly #waiting = new Map<number, Instant[]>();

  /** @param chance a number from 0 to below 1, anew with each call */
  constructor(name: string, time: VirtualTime, chance: () => number) {
    this.name = name;
    this.#time = time;
    this.#chance = chance;
  }

  attach(address: number, receive: (packet: Uint8Array) => void): void {
    this.#stations.set(address, receive);
  }

  detach(address: number): void {
    this.#stations.delete(address);
  }

  /** Sends a packet to the neighbour with this address; where there is none nothing is sent. */
  send(from: number, to: number, packet: Uint8Array): void {
    const { latencyMs, jitterMs, loss, duplication, reordering, mtu, rate } = this.quality;
    const receive = this.#stations.get(to);
    // Nobody answers the ARP request for such an address, and no packet is sent.
    if (receive === undefined) return;
    this.frames.push({ at: this.#time.now, from, to, packet });
    if (packet.length > mtu) return;
    const sent = rate === undefined ? this.#time.now : this.#leavesAt(packet.length, to, rate);
    if (sent === undefined) return;
    const copies = duplication > 0 && this.#chance() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (loss > 0 && this.#chance() < loss) continue;
      const isAhead = reordering > 0 && this.#chance() < reordering;
      const jitter = jitterMs > 0 && !isAhead ? this.#chance() * jitterMs : 0;
      this.#time.at(sent + (isAhead ? 0 : latencyMs + jitter), () => receive(packet));
    }
  }

  /** When the last bit has left; `undefined` where the queue is full. */
  #leavesAt(octets: number, to: number, rate: number): Instant | undefined {
    const { now } = this.#time;
    const waiting = (this.#waiting.get(to) ?? []).filter((leaves) => leaves > now);
    if (waiting.length > this.quality.queue) return undefined;
    const leaves = Math.max(waiting.at(-1) ?? now, now) + (octets * 8) / (rate * 1000);
    this.#waiting.set(to, [...waiting, leaves]);
    return leaves;
  }
}
