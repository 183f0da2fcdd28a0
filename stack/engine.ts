/**
 * The shape of every protocol engine: a state machine over values. It receives an event and the
 * time, and returns effects. It opens no socket, reads no clock, draws no randomness and logs
 * nothing, so the same engine runs in a container, under a virtual clock and under a fuzzer.
 *
 * An engine has, besides the events of its own protocol:
 * - `deadline()`: the instant at which it wants `tick` called, or `undefined` for never;
 * - `tick(now)`: everything that is due at `now` (retransmissions, hellos, keepalives).
 * Calling `tick` early is harmless: it returns no effects.
 */
export interface Engine<Effect> {
  deadline(): Instant | undefined;
  tick(now: Instant): Effect[];
}

/** Milliseconds on a clock that never goes back; its origin means nothing. */
export type Instant = number;

/** Gives that many unpredictable octets; a seeded one makes a whole connection repeatable. */
export type RandomSource = (length: number) => Uint8Array;
