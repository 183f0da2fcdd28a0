import type { PeerObservation } from '../../observation.ts';
import type { AgentConnection } from './agent-connection.ts';
import { observe, type TimedFact } from './observe.ts';

/** The facts of one cell, timed from its beginning. */
export class FactLog {
  readonly #facts: { readonly at: number; readonly fact: TimedFact['fact'] }[] = [];
  readonly #stopListening: () => void;

  constructor(agent: AgentConnection) {
    this.#stopListening = agent.listen((event) => {
      if (event.event === 'fact') this.#facts.push({ at: event.at, fact: event.fact });
    });
  }

  /** Times count from the first thing that happened: for a client that is its first message. */
  observation(peer: string, version: string): PeerObservation {
    const start = this.#facts[0]?.at ?? 0;
    return observe(
      peer,
      version,
      this.#facts.map(({ at, fact }) => ({ atMs: Math.round((at - start) * 10) / 10, fact })),
    );
  }

  close(): void {
    this.#stopListening();
  }
}
