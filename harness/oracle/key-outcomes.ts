import type { Outcome } from '../expectation.ts';
import type { CellFacts } from './facts.ts';
import { stop } from './rule.ts';

/* What comes of a pre-shared key that the responder has not, or that is another one there; several rules end so. */

/** A responder without a key answers message 1, whose answer needs none, and falls silent at message 3. */
export const withoutKey: Outcome = stop('phase1', 'no-key');

/** Whoever cannot read message 5 need not say so, and its initiator cannot know. */
export function wrongKey({ responder }: CellFacts): Outcome {
  return stop('phase1', responder.silentOnWrongKey ? 'no-answer' : 'auth-failed');
}
