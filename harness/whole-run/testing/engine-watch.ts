import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { engine } from '../../fabric/docker/engine.ts';
import { label, withLabels } from '../../fabric/docker/labels.ts';

const eventSchema = z.object({
  /** `create`, `die`, or for programs `exec_start: ` and the command line. */
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
});

/** Something that happened to a container of a lab. */
export interface LabEvent {
  readonly action: string;
  readonly container: string;
  readonly node: string;
  readonly topology: string;
}

/** What the engine tells of the containers of one checkout from now on: the moments of a run, seen from outside. */
export class EngineWatch {
  /** Every container that there was. */
  readonly containers = new Set<string>();
  readonly #seen: LabEvent[] = [];
  readonly #source: Readable;
  #waiting: (() => void)[] = [];

  private constructor(source: Readable) {
    this.#source = source.on('error', () => {});
    createInterface({ input: source }).on('line', (line) => this.#receive(line));
  }

  static async of(mark: string): Promise<EngineWatch> {
    const filters = { type: ['container' as const], ...withLabels({ [label.checkout]: mark }) };
    return new EngineWatch((await engine().getEvents({ filters })) as Readable);
  }

  /** The first event, past ones too, that is like this. Ends with the test's own deadline where none comes. */
  async first(isLike: (event: LabEvent) => boolean): Promise<LabEvent> {
    for (;;) {
      const found = this.#seen.find(isLike);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  [Symbol.dispose](): void {
    this.#source.destroy();
  }

  #receive(line: string): void {
    const { Action, Actor } = eventSchema.parse(JSON.parse(line));
    const { [label.node]: node = '', [label.topology]: topology = '' } = Actor.Attributes;
    this.containers.add(Actor.ID);
    this.#seen.push({ action: Action, container: Actor.ID, node, topology });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }
}
