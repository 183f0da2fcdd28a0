/** More than this many messages wait for those before them at no time: as many as at a Windows client (the field facts E1). */
const maximumMessages = 100;
/** Nor do they take more octets than this: the rest is dropped, and its sender repeats it (RFC 2661 5.8). */
const maximumOctets = 0x1_0000;

/** Control messages that came before their turn, by their Ns. What a stranger can make it hold is bounded. */
export class EarlyMessages<Message> {
  readonly #held = new Map<number, { readonly message: Message; readonly octets: number }>();
  #octets = 0;

  get size(): number {
    return this.#held.size;
  }

  has(ns: number): boolean {
    return this.#held.has(ns);
  }

  /** Holds a message, unless that is too much. */
  hold(ns: number, message: Message, octets: number): void {
    if (this.#held.has(ns) || this.#held.size >= maximumMessages || this.#octets + octets > maximumOctets) {
      return;
    }
    this.#held.set(ns, { message, octets });
    this.#octets += octets;
  }

  /** The message with this number, which is held no longer. */
  take(ns: number): Message | undefined {
    const held = this.#held.get(ns);
    if (held === undefined) return undefined;
    this.#held.delete(ns);
    this.#octets -= held.octets;
    return held.message;
  }

  clear(): void {
    this.#held.clear();
    this.#octets = 0;
  }
}
