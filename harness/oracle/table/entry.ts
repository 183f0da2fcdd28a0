/** One row of the rule table: what a rule says, who says so, and whether there is code for it. Ids are stable. */
export interface Entry<Id extends string = string> {
  readonly id: Id;
  readonly when: string;
  readonly must: string;
  /** Each begins with a title of `sources.ts`. */
  readonly source: readonly string[];
  /** V verified, D derived, R recalled: of the weakest part that decides. */
  readonly confidence: 'V' | 'D' | 'R';
  readonly state: State;
  /** Where the documents contradict each other: what each reading says. In a rule that is `built` this is so in some of its cells. */
  readonly readings?: { readonly a: string; readonly b: string };
  /** Of a rule that is built: the part of it that no peer here plays. */
  readonly unplayed?: string;
  /** Why there is no code for it; only where it is `not-built`. */
  readonly why?: string;
}

/**
 * `built`: there is code for it. `disputed`: that too, and the documents contradict each other in every cell of
 * it. `not-built`: no code, and never counted as covered.
 */
export type State = 'built' | 'not-built' | 'disputed';
