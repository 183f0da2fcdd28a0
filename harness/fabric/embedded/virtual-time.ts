import type { Instant } from '../../../stack/engine.ts';

interface Happening {
  readonly at: Instant;
  readonly order: number;
  readonly action: () => void;
}

/** More happenings at one instant than any network has: something plans itself again without moving on. */
const mostAtOnce = 100_000;

/**
 * A clock that moves from happening to happening, in milliseconds from 0. What is planned for one instant happens in
 * the order in which it was planned, so that a run depends on nothing but its seed.
 */
export class VirtualTime {
  #now: Instant = 0;
  #order = 0;
  #atOnce = 0;
  /** A binary heap: no happening comes before the one at half its index. */
  readonly #heap: Happening[] = [];

  get now(): Instant {
    return this.#now;
  }

  /** Plans an action; an instant that is over is now. */
  at(instant: Instant, action: () => void): void {
    const happening = { at: Math.max(instant, this.#now), order: this.#order++, action };
    let index = this.#heap.push(happening) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || !comesBefore(happening, parent)) break;
      this.#heap[index] = parent;
      index = above;
    }
    this.#heap[index] = happening;
  }

  after(milliseconds: number, action: () => void): void {
    this.at(this.#now + milliseconds, action);
  }

  /**
   * Lets everything happen until `done`, and nothing that is planned for after `limit`; gives whether it was done.
   * Where it was not, it is `limit` now.
   */
  run(done: () => boolean, limit: Instant): boolean {
    while (!done()) {
      const next = this.#heap[0];
      if (next === undefined || next.at > limit) {
        this.#now = Math.max(this.#now, limit);
        return done();
      }
      this.#takeFirst();
      this.#atOnce = next.at > this.#now ? 0 : this.#atOnce + 1;
      if (this.#atOnce > mostAtOnce) throw new Error(`virtual time does not get past ${this.#now} ms`);
      this.#now = next.at;
      next.action();
    }
    return true;
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    const size = this.#heap.length;
    if (last === undefined || size === 0) return;
    let index = 0;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const smaller = right !== undefined && left !== undefined && comesBefore(right, left) ? right : left;
      if (smaller === undefined || !comesBefore(smaller, last)) break;
      this.#heap[index] = smaller;
      index = 2 * index + (smaller === left ? 1 : 2);
    }
    this.#heap[index] = last;
  }
}

function comesBefore(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
