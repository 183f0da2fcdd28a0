/**
 * What a worker and its owner share: how many inputs began (counted for ever, 32 bits), the length of the newest one,
 * whether the worker is to stop, and its octets. An input that does not end can be told only from outside.
 */
export const watchedHeader = 12;
export const longestWatched = 1 << 16;

export class Watched {
  readonly buffer = new SharedArrayBuffer(watchedHeader + longestWatched);
  readonly #numbers = new Int32Array(this.buffer, 0, 3);

  /** Inputs begun so far, modulo 2^32. */
  get begun(): number {
    return Atomics.load(this.#numbers, 0);
  }

  get newest(): Uint8Array {
    const length = Math.min(Atomics.load(this.#numbers, 1), longestWatched);
    return new Uint8Array(this.buffer, watchedHeader, length).slice();
  }

  stop(): void {
    Atomics.store(this.#numbers, 2, 1);
  }
}
