import type { Chance } from './chance.ts';

/** What an input may not do. */
export type Fault =
  /** An exception of the runtime. */
  | 'throws'
  /** More time for one input than any input may take. */
  | 'slow'
  /** An input that does not end. */
  | 'hangs'
  /** Memory, or a result, out of proportion to the input. */
  | 'grows'
  /** A wrong answer: a round trip that changes something, a forgery taken, a client locked out. */
  | 'wrong';

/** Thrown by a target that sees a fault which is no exception by itself. */
export class FaultFound extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Takes one input; gives how many datagrams were in it. Throws where it finds a fault. */
export type Take = (input: Uint8Array) => number;

/** Something that takes any octets. */
export interface Target {
  readonly name: string;
  readonly kind: 'codec' | 'endpoint';
  /** In a few words, for `--help`. */
  readonly about: string;
  /** Milliseconds of work that one input may take. */
  readonly deadlineMs: number;
  /** Real messages to begin with. */
  readonly seeds: () => readonly Uint8Array[];
  /** Absent: octets are mutated without a thought for what they are. */
  readonly mutate?: (chance: Chance, input: Uint8Array, other: Uint8Array) => Uint8Array;
  /** Begins anew: what one input leaves behind may meet the next, but not those of another beginning. */
  readonly begin: () => Take;
}
