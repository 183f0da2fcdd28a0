import type { PeerObservation } from '../../observation.ts';
import type { AgentConnection } from './agent-connection.ts';
import { observe, type TimedFact } from './observe.ts';

/** The facts of one cell, timed from its beginning. */
export class FactLog {
  readonly #facts: { readonly at: number; readonly fact: TimedFact['fact'] }[] = [];
  /** Where the facts of each client begin, in the order in which they dial. */
  readonly #beginnings = [0];
  readonly #stopListening: () => void;

  constructor(agent: AgentConnection) {
    this.#stopListening = agent.listen((event) => {
      if (event.event === 'fact') this.#facts.push({ at: event.at, fact: event.fact });
    });
  }

  /** The next client dials: what is told from here on is about its connection. */
  nextClient(): void {
    this.#beginnings.push(this.#facts.length);
  }

  /** Times count from the first thing that happened: for a client that is its first message. */
  observation(peer: string, version: string, client: number): PeerObservation {
    const facts = this.#facts.slice(this.#beginnings[client], this.#beginnings[client + 1]);
    const start = facts[0]?.at ?? 0;
    return observe(
      peer,
      version,
      facts.map(({ at, fact }) => ({ atMs: Math.round((at - start) * 10) / 10, fact })),
    );
  }

  close(): void {
    this.#stopListening();
  }
}
