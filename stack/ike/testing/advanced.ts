import type { Step } from '../step.ts';

/** For tests: the new state and the answer of a step that must advance. */
export function advanced<State>(step: Step<State>): { readonly state: State; readonly answer: Uint8Array } {
  if (step.step !== 'advance' || step.answer === undefined) throw new Error('the step does not advance');
  return { state: step.state, answer: step.answer };
}
