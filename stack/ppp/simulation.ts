import type { Instant, RandomSource } from '../engine.ts';

/** What a simulated wire does to a datagram: probabilities from 0 to 1. */
export interface Impairment {
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
}

export const perfect: Impairment = { loss: 0, duplication: 0, reordering: 0 };

/** Random octets that are the same for the same seed (mulberry32): for tests, never for keys. */
export function seededRandom(seed: number): RandomSource {
  const next = seededNumbers(seed);
  return (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256));
}

function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Node {
  readonly deadline: () => Instant | undefined;
  readonly tick: (now: Instant) => void;
}

/**
 * Engines joined in memory under a virtual clock, for tests: a queue of deliveries, and nodes that
 * are ticked at their deadlines.
 */
export class Simulation {
  now: Instant = 0;
  #impairment: Impairment;
  #random: () => number;
  #deliveries: { at: Instant; deliver: () => void }[] = [];
  #nodes: Node[] = [];

  constructor(seed: number, impairment: Impairment) {
    this.#random = seededNumbers(seed);
    this.#impairment = impairment;
  }

  add(node: Node): void {
    this.#nodes.push(node);
  }

  /** Puts one datagram on the wire: it takes 5 ms, and up to 300 ms more when it is reordered. */
  carry(deliver: () => void): void {
    if (this.#random() < this.#impairment.loss) return;
    const copies = this.#random() < this.#impairment.duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = this.#random() < this.#impairment.reordering ? this.#random() * 300 : 0;
      this.#deliveries.push({ at: this.now + 5 + late, deliver });
    }
  }

  setImpairment(impairment: Impairment): void {
    this.#impairment = impairment;
  }

  /** Runs until `done` or until nothing happens before `limit`; gives whether it was done. */
  run(done: () => boolean, limit: Instant): boolean {
    for (let step = 0; !done(); step++) {
      if (step > 1_000_000) throw new Error(`the simulation does not get past ${this.now} ms`);
      this.#deliveries.sort((a, b) => a.at - b.at);
      const delivery = this.#deliveries[0];
      const deadlines = this.#nodes.map((node) => node.deadline()).filter((at) => at !== undefined);
      const next = Math.min(delivery?.at ?? Infinity, ...deadlines);
      if (next > limit) {
        this.now = Math.max(this.now, limit);
        return done();
      }
      this.now = Math.max(this.now, next);
      if (delivery !== undefined && delivery.at <= this.now) {
        this.#deliveries.shift();
        delivery.deliver();
      }
      for (const node of this.#nodes) node.tick(this.now);
    }
    return true;
  }
}
