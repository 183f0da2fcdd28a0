import type { Bench } from './bench.ts';

/** One question to the host, answered by doing. One file each in `probes/`. */
export interface Probe {
  /** One word: how a run asks for it, and the key of its fact in records. */
  readonly name: string;
  /** What it does. */
  readonly does: string;
  /** What it tries is for some peers alone: where it is lost, the cells of the others are played. */
  readonly forSomePeers?: true;
  /** Throws what the bench throws when there is nothing to probe in. */
  run(bench: Bench): Promise<Outcome>;
}

export type Outcome =
  | { readonly ok: true; readonly fact: string }
  /** What cannot be tested on this host, and what to type. */
  | { readonly ok: false; readonly lost: string; readonly remedy: string };

export function ok(fact: string): Outcome {
  return { ok: true, fact };
}

export function lost(what: string, remedy: string): Outcome {
  return { ok: false, lost: what, remedy };
}

/** The last line a program said, for "what was found". */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
