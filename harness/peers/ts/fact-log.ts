import type { SaStatus } from '../../../stack/endpoint/inspection.ts';
import type { Ending, PeerObservation } from '../../observation.ts';
import type { AgentConnection } from './agent-connection.ts';
import { observe, type TimedFact } from './observe.ts';
import { observeEnding } from './observe-ending.ts';

/** The facts of one cell, timed from its beginning, and of which of its clients each is. */
export class FactLog {
  readonly #facts: { readonly at: number; readonly client: number; readonly fact: TimedFact['fact'] }[] = [];
  /** Whose a path is: his who was expected when the first fact about it was told. */
  readonly #clients = new Map<string, number>();
  readonly #stopListening: () => void;
  #expected = 0;

  constructor(agent: Pick<AgentConnection, 'listen'>) {
    this.#stopListening = agent.listen((event) => {
      if (event.event !== 'fact') return;
      this.#facts.push({ at: event.at, client: this.#clientOn(event.path), fact: event.fact });
    });
  }

  /** The client with this number dials next: what is told on a new path from here on, or on none, is of it. */
  expect(client: number): void {
    this.#expected = client;
  }

  /**
   * What the facts about a client show, with those of `sas` that are its own. Times count from the first
   * thing that happened: for a client that is its first message.
   */
  observation(
    peer: string,
    version: string,
    client: number,
    sas: readonly SaStatus[] | undefined,
  ): PeerObservation {
    const facts = this.#facts.filter((each) => each.client === client);
    const start = facts[0]?.at ?? 0;
    return observe(
      peer,
      version,
      facts.map(({ at, fact }) => ({ atMs: Math.round((at - start) * 10) / 10, fact })),
      sas?.filter(({ path }) => this.#clients.get(path) === client),
    );
  }

  /** What was said and heard of the end of this client's connection so far. */
  ending(client: number): Ending {
    return observeEnding(this.#facts.filter((each) => each.client === client).map(({ fact }) => ({ fact })));
  }

  close(): void {
    this.#stopListening();
  }

  #clientOn(path: string | undefined): number {
    if (path === undefined) return this.#expected;
    const client = this.#clients.get(path) ?? this.#expected;
    this.#clients.set(path, client);
    return client;
  }
}
