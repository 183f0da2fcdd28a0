import type { DropReason, Fact, IkeFailure } from '../fact.ts';
import type { NotifyName } from '../isakmp/notify-type.ts';
import type { Ends } from './exchange.ts';

/** What a received message does to a negotiation. */
export type Step<State> =
  | {
      readonly step: 'advance';
      readonly state: State;
      readonly answer?: Uint8Array;
      readonly ends?: Ends;
      readonly facts: readonly Fact[];
    }
  | {
      readonly step: 'fail';
      readonly reason: IkeFailure;
      readonly detail: string;
      /** Told to the peer where the configuration wants that. */
      readonly notify?: NotifyName;
      readonly facts?: readonly Fact[];
    }
  | { readonly step: 'ignore'; readonly reason: DropReason; readonly detail: string };

export function malformedStep<State>(detail: string): Step<State> {
  return { step: 'ignore', reason: 'malformed', detail };
}
