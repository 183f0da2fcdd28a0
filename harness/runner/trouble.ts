import { CrossnatError } from '../error.ts';
import type { Verdict } from '../record.ts';

/** Something of the harness, the host or a peer that did not work as it must. */
export interface Trouble {
  readonly doing: string;
  readonly error: unknown;
}

/** `doing` says what was tried; an error for people knows that better. */
export function troubleWith(doing: string, error: unknown): Trouble {
  return { doing: error instanceof CrossnatError ? error.doing : doing, error };
}

/** The verdict where evidence could not be had: `unavailable` where the host lacks something, else `broken`. */
export function troubleVerdict(trouble: readonly [Trouble, ...Trouble[]]): { verdict: Verdict; why: string } {
  const lacking = trouble.some(({ error }) => error instanceof CrossnatError && error.code === 'unavailable');
  const [{ doing, error }] = trouble;
  return { verdict: lacking ? 'unavailable' : 'broken', why: `${doing}: ${whatWasFound(error)}` };
}

/** The traces of those that are bugs; empty where all are errors for people. */
export function bugTraces(trouble: readonly Trouble[]): string {
  return trouble
    .filter(({ error }) => !(error instanceof CrossnatError))
    .map(({ doing, error }) => `${doing}: ${error instanceof Error ? error.stack : String(error)}\n`)
    .join('');
}

/** On one line: what a tool printed may have many, and the logs keep them. */
function whatWasFound(error: unknown): string {
  const text =
    error instanceof CrossnatError
      ? `${error.found}. ${error.remedy}`
      : error instanceof Error
        ? error.message
        : String(error);
  return text.replace(/\s*\n\s*/g, ' | ');
}
