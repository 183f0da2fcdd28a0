import { createInterface } from 'node:readline';
import type { Fact } from '../../../stack/fact.ts';
import { CrossnatError } from '../../error.ts';
import type { NodeProcess } from '../../fabric/fabric.ts';
import {
  type AgentEvent,
  type AgentLine,
  type AgentReplies,
  type AgentRequest,
  decodeLine,
  encodeLine,
} from './agent/protocol.ts';

type Request = AgentRequest extends infer Each
  ? Each extends AgentRequest
    ? Omit<Each, 'id'>
    : never
  : never;

/** The harness's end of the line to one agent: requests with their replies, and the stream of events. */
export class AgentConnection {
  readonly #process: NodeProcess;
  readonly #who: string;
  readonly #pending = new Map<
    number,
    { resolve: (reply: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #log: string[] = [];
  readonly #listeners = new Set<(event: AgentEvent) => void>();
  readonly #ready = Promise.withResolvers<string>();
  #dead: CrossnatError | undefined;
  #nextId = 1;

  constructor(process: NodeProcess, who: string) {
    this.#process = process;
    this.#who = who;
    // Nobody may be waiting for readiness when the agent dies later.
    this.#ready.promise.catch(() => undefined);
    createInterface({ input: process.stdout }).on('line', (line) => this.#receive(line));
    createInterface({ input: process.stderr }).on('line', (line) => this.#log.push(line));
    process.exit.then(
      (code) => this.#died(`it ended with exit code ${code}`),
      (error: unknown) => this.#died(String(error)),
    );
  }

  /** The agent's version, when it has said that it is ready. */
  ready(signal: AbortSignal): Promise<string> {
    return abortable(this.#ready.promise, signal, `starting the agent of ${this.#who}`);
  }

  /** Sends a request; rejects with the agent's own words when it refuses or dies. */
  request<Name extends keyof AgentReplies>(
    request: Extract<Request, { request: Name }>,
    signal: AbortSignal,
  ): Promise<AgentReplies[Name]> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<AgentReplies[Name]>();
    // Ids tell requests apart: the reply is that of this one.
    this.#pending.set(id, { resolve: (reply) => resolve(reply as AgentReplies[Name]), reject });
    this.#process.stdin.write(encodeLine({ id, ...request } as AgentRequest));
    return abortable(promise, signal, `waiting for "${request.request}" of ${this.#who}`);
  }

  /** Calls `listener` for every event until the returned function is called. */
  listen(listener: (event: AgentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rejects when the agent dies. */
  get death(): Promise<never> {
    return this.#process.exit.then(() => {
      throw this.#dead ?? this.#died('it ended');
    });
  }

  log(): string {
    return this.#log.join('\n');
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await this.#process.kill();
  }

  #receive(line: string): void {
    let message: AgentLine;
    try {
      message = decodeLine(line) as AgentLine;
    } catch {
      // A line of its own that was cut short may be a reply, and a reply may hold keys.
      this.#log.push(line.startsWith('{') ? '(a line cut short)' : line);
      return;
    }
    if ('event' in message) {
      this.#log.push(line);
      for (const listener of this.#listeners) listener(message);
    } else if ('ready' in message) {
      this.#ready.resolve(message.ready);
    } else {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.ok) pending?.resolve(message.reply);
      else pending?.reject(this.#error(message.error));
    }
  }

  #died(how: string): CrossnatError {
    const words = this.#log.slice(-5).map(inShort).join(' | ');
    const error = this.#error(`${how}; its last words: ${words || '(none)'}`);
    this.#dead ??= error;
    this.#ready.reject(error);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    return error;
  }

  #error(found: string): CrossnatError {
    return new CrossnatError('broken', {
      doing: `running our stack in node ${this.#who}`,
      found,
      remedy: 'The log of this peer is beside the record',
    });
  }
}

/** A line of the agent as a person reads it: a fact by its name and its plain values, the rest as it is. */
function inShort(line: string): string {
  const fact = factIn(line);
  if (fact === undefined) return line;
  const plain = Object.values(fact).filter((value) => ['string', 'number'].includes(typeof value));
  return plain.join(' ');
}

function factIn(line: string): Fact | undefined {
  try {
    const message = decodeLine(line) as AgentLine;
    return 'event' in message && message.event === 'fact' ? message.fact : undefined;
  } catch {
    return undefined;
  }
}

/** A promise that gives up when the signal does; the work itself is taken down by whoever aborted. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal, doing: string): Promise<T> {
  const aborted = () =>
    new CrossnatError('broken', {
      doing,
      found: `gave up: ${signal.reason instanceof Error ? signal.reason.message : String(signal.reason)}`,
      remedy: 'The log of this peer is beside the record',
      cause: signal.reason,
    });
  if (signal.aborted) return Promise.reject(aborted());
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted());
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
