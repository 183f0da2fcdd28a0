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
  /** Octets of an IP packet; a larger one is lost, as where nobody hears "too big" (RFC 2923 2.1). */
  readonly mtu: number;
  /** Mbit/s; a packet waits until those before it have left. Absent: no limit. */
  readonly rate?: number;
}

export const perfectLink: LinkQuality = { latencyMs: 0.1, jitterMs: 0, loss: 0, duplication: 0, mtu: 1500 };

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
  #busyUntil: Instant = 0;

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
    const { latencyMs, jitterMs, loss, duplication, mtu } = this.quality;
    const receive = this.#stations.get(to);
    // Nobody answers the ARP request for such an address, and no packet is sent.
    if (receive === undefined) return;
    this.frames.push({ at: this.#time.now, from, to, packet });
    if (packet.length > mtu) return;
    const sent = this.#leavesAt(packet.length);
    const copies = duplication > 0 && this.#chance() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (loss > 0 && this.#chance() < loss) continue;
      const jitter = jitterMs > 0 ? this.#chance() * jitterMs : 0;
      this.#time.at(sent + latencyMs + jitter, () => receive(packet));
    }
  }

  #leavesAt(octets: number): Instant {
    const { now } = this.#time;
    const { rate } = this.quality;
    if (rate === undefined) return now;
    this.#busyUntil = Math.max(this.#busyUntil, now) + (octets * 8) / (rate * 1000);
    return this.#busyUntil;
  }
}
