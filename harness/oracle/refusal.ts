import type { Check } from '../expectation.ts';
import type { CellFacts } from './facts.ts';

/** RFC 2408 5.4 leaves open whether a refusal is told: the responder declares it, and must do as it says. */
export function refusalTold({ responder: { sendsNotifies } }: CellFacts): readonly Check[] {
  return sendsNotifies === undefined ? [] : [{ check: 'refusal-told', expected: sendsNotifies }];
}
