import type { CellRecord } from '../record.ts';

/**
 * How a suite's test gets the record of its cell. The command line process runs the cells and owns the labs;
 * vitest's test threads live in the same process and ask over a channel of its own name.
 */

/** What vitest hands to `suites/cells.test.ts`. */
export interface CellTestList {
  /** Name of the channel: no other run's. */
  readonly channel: string;
  /** The tests' names, in run order: cell ids, with `@2` and so on for repeats. */
  readonly names: readonly string[];
  /** Above anything the runner can take for one cell, in milliseconds: the deadlines are the runner's. */
  readonly timeoutMs: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    cellTests: CellTestList;
  }
}

/** The record, or why there is none. */
export type CellAnswer =
  | { readonly record: CellRecord }
  | { readonly record: undefined; readonly why: string };

type Message = { readonly ask: number } | { readonly answerTo: number; readonly answer: CellAnswer };

/** Answers each question for a cell, by its place in the run, as soon as `answer` settles. Returns how to stop. */
export function answerCells(channel: string, answer: (index: number) => Promise<CellAnswer>): () => void {
  const open = new BroadcastChannel(channel);
  let stopped = false;
  open.onmessage = async (event) => {
    const message: Message = (event as MessageEvent).data;
    if (!('ask' in message)) return;
    const reply: Message = { answerTo: message.ask, answer: await answer(message.ask) };
    // An interrupted run stops listening before the last questions have their answers.
    if (!stopped) open.postMessage(reply);
  };
  return () => {
    stopped = true;
    open.close();
  };
}

/** Waits for the record of the cell at this place in the run. */
export async function askForCell(channel: string, index: number): Promise<CellAnswer> {
  const open = new BroadcastChannel(channel);
  const answered = Promise.withResolvers<CellAnswer>();
  open.onmessage = (event) => {
    const message: Message = (event as MessageEvent).data;
    if ('answerTo' in message && message.answerTo === index) answered.resolve(message.answer);
  };
  open.postMessage({ ask: index } satisfies Message);
  try {
    return await answered.promise;
  } finally {
    open.close();
  }
}
