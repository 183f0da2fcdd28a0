import { earliest } from '../deadline.ts';
import type { Instant, RandomSource } from '../engine.ts';
import { seededRandom } from '../host/random.ts';
import { readUint } from '../octets.ts';

/** What a simulated wire does to a datagram. */
export interface Impairment {
  /** Chance of 0 to 1 that a copy is lost, and that there are two of them. */
  readonly loss: number;
  readonly duplication: number;
  /** Each copy takes 1 to this many milliseconds: above 1 they overtake each other. */
  readonly slowestMs: number;
}

export const perfect: Impairment = { loss: 0, duplication: 0, slowestMs: 1 };
export const deaf: Impairment = { ...perfect, loss: 1 };

/** Something with a deadline: an engine and what becomes of its effects. */
export interface Timed {
  deadline(): Instant | undefined;
  tick(now: Instant): void;
}

/** More happenings than any test needs: a station whose `tick` leaves its deadline where it was. */
const maximumSteps = 1_000_000;

/** For tests: engines joined in memory by an unreliable wire, under a virtual clock. */
export class Simulation {
  now: Instant = 0;
  impairment: Impairment;
  readonly #seed: number | string;
  readonly #chance: () => number;
  readonly #stations: Timed[] = [];
  /** In order of their instants. */
  readonly #arrivals: { readonly at: Instant; readonly deliver: () => void }[] = [];

  constructor(seed: number | string, impairment: Impairment) {
    this.#seed = seed;
    const random = this.randomOf('wire');
    this.#chance = () => readUint(random(4), 0, 4) / 2 ** 32;
    this.impairment = impairment;
  }

  /** Randomness for one of the stations, which depends on the seed and its name alone. */
  randomOf(name: string): RandomSource {
    return seededRandom(`${this.#seed} ${name}`);
  }

  add(station: Timed): void {
    this.#stations.push(station);
  }

  remove(station: Timed): void {
    this.#stations.splice(this.#stations.indexOf(station), 1);
  }

  /** Puts one datagram on the wire; `deliver` is called for each copy that arrives. */
  carry(deliver: () => void): void {
    const { loss, duplication, slowestMs } = this.impairment;
    const copies = this.#chance() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const at = this.now + 1 + Math.floor(this.#chance() * slowestMs);
      if (this.#chance() >= loss) this.#arrivals.push({ at, deliver });
    }
    this.#arrivals.sort((a, b) => a.at - b.at);
  }

  /** Lets everything happen until `done`, at the most what is due up to `limit`; gives whether it was done. */
  run(done: () => boolean, limit: Instant): boolean {
    for (let step = 0; !done(); step++) {
      if (step > maximumSteps) throw new Error(`the simulation does not get past ${this.now} ms`);
      const [arrival] = this.#arrivals;
      const next = earliest([arrival?.at, ...this.#stations.map((station) => station.deadline())]);
      if (next === undefined || next > limit) {
        this.now = Math.max(this.now, limit);
        return done();
      }
      this.now = Math.max(this.now, next);
      if (arrival !== undefined && arrival.at <= this.now) {
        this.#arrivals.shift();
        arrival.deliver();
      } else for (const station of this.#stations) station.tick(this.now);
    }
    return true;
  }

  /** Lets everything happen that is due up to `instant`. */
  runTo(instant: Instant): void {
    this.run(() => false, instant);
  }
}
