import { expect, test } from 'vitest';
import type { Instant } from '../engine.ts';
import { type Impairment, perfect, Simulation, type Timed } from '../testing/simulation.ts';
import { ControlChannel } from './channel.ts';

const timing = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 12 };

/** One end of a control connection that has messages to say and nothing else to do. */
class Talker implements Timed {
  readonly received: string[] = [];
  /** The most messages that were on their way at once, by what this end knows of acknowledgements. */
  widest = 0;
  readonly #channel: ControlChannel<string>;
  readonly #simulation: Simulation;
  #sent = 0;
  #acknowledged = 0;
  #deliver: (ns: number, nr: number, name: string) => void = () => {};

  constructor(simulation: Simulation, ownWindow: number, peerWindow: number) {
    this.#simulation = simulation;
    this.#channel = new ControlChannel(timing, ownWindow);
    this.#channel.meet(peerWindow, timing);
  }

  get done(): boolean {
    return this.#channel.quiet;
  }

  get lost(): boolean {
    return this.#channel.lost;
  }

  deadline(): Instant | undefined {
    return this.#channel.deadline;
  }

  tick(now: Instant): void {
    this.#channel.tick(now);
    if (!this.#channel.lost) this.#transmit();
  }

  connect(peer: Talker): void {
    this.#deliver = (ns, nr, name) => peer.hear(ns, nr, name);
  }

  say(messages: readonly string[]): void {
    for (const name of messages) this.#channel.send({ name, sessionId: 0, body: Uint8Array.of(1) });
    this.#transmit();
  }

  hear(ns: number, nr: number, name: string): void {
    this.#channel.acknowledge(nr, this.#simulation.now);
    this.#acknowledged = Math.max(this.#acknowledged, nr);
    if (name !== 'ZLB') this.received.push(...this.#channel.accept(ns, name, 1).ready);
    this.#transmit();
  }

  #transmit(): void {
    for (const { ns, nr, name } of this.#channel.transmit(this.#simulation.now)) {
      if (name !== 'ZLB') this.#sent = Math.max(this.#sent, ns + 1);
      this.widest = Math.max(this.widest, this.#sent - this.#acknowledged);
      this.#simulation.carry(() => this.#deliver(ns, nr, name));
    }
  }
}

const messages = Array.from({ length: 60 }, (_, index) => `message ${index}`);

/** Both ends say 60 messages; gives them when all are acknowledged. */
function conversation(seed: number, impairment: Impairment, windows: { a: number; b: number }) {
  const simulation = new Simulation(seed, impairment);
  const a = new Talker(simulation, windows.a, windows.b);
  const b = new Talker(simulation, windows.b, windows.a);
  a.connect(b);
  b.connect(a);
  simulation.add(a);
  simulation.add(b);
  a.say(messages);
  b.say(messages);
  const done = simulation.run(() => a.done && b.done, 3_600_000);
  return { a, b, done, simulation };
}

test('windows of 1 to 8 under loss up to 30 %, duplication and reordering: all comes once, in order, within the window', () => {
  for (let seed = 0; seed < 56; seed++) {
    const windows = { a: 1 + (seed % 8), b: 1 + ((seed + 3) % 8) };
    const impairment = { loss: (seed % 7) * 0.05, duplication: 0.2, slowestMs: 300 };
    const { a, b, done } = conversation(seed, impairment, windows);
    const what = `seed ${seed}, windows ${windows.a} and ${windows.b}, loss ${impairment.loss}`;
    expect(done, what).toBe(true);
    expect([a.lost, b.lost], what).toEqual([false, false]);
    expect(a.received, what).toEqual(messages);
    expect(b.received, what).toEqual(messages);
    expect(a.widest, what).toBeLessThanOrEqual(windows.b);
    expect(b.widest, what).toBeLessThanOrEqual(windows.a);
  }
});

test('an undisturbed sender fills the window of its peer (RFC 2661 appendix A)', () => {
  for (let window = 1; window <= 8; window++) {
    const { a, b } = conversation(1, { ...perfect, slowestMs: 1 }, { a: window, b: window });
    expect([a.widest, b.widest]).toEqual([window, window]);
  }
});

test('a wider window takes fewer round trips', () => {
  const time = (window: number) => conversation(2, perfect, { a: window, b: window }).simulation.now;
  expect(time(8)).toBeLessThan(time(4));
  expect(time(4)).toBeLessThan(time(1));
});
