import type { Writable } from 'node:stream';

/**
 * Octets that may be on their way to the kernel's serial line: with 4096 unread its driver stops reading and
 * never begins again (seen with user-mode-linux 6.1.176; half of that leaves room for what is being read).
 */
const windowOctets = 2048;

/** Writes to a reader that says how much it took, and never has more than the window on its way. */
export class PacedWriter {
  readonly #to: Pick<Writable, 'write'>;
  readonly #waiting: Buffer[] = [];
  #onTheirWay = 0;

  constructor(to: Pick<Writable, 'write'>) {
    this.#to = to;
  }

  write(text: string): void {
    this.#waiting.push(Buffer.from(text));
    this.#send();
  }

  /** The reader has read so many octets more. */
  took(octets: number): void {
    this.#onTheirWay -= octets;
    this.#send();
  }

  #send(): void {
    for (;;) {
      const next = this.#waiting[0];
      const room = windowOctets - this.#onTheirWay;
      if (next === undefined || room <= 0) return;
      const part = next.subarray(0, room);
      if (part.length === next.length) this.#waiting.shift();
      else this.#waiting[0] = next.subarray(part.length);
      this.#onTheirWay += part.length;
      this.#to.write(part);
    }
  }
}
