import { impairments } from '../stack/impairment/catalogue.ts';
import type { End, Reaction } from '../stack/impairment/impairment.ts';
import { readImpairment } from '../stack/impairment/read-impairment.ts';

/** An impairment as it is shown to people: on its page and by `--list-impairments`. */
export interface ImpairmentRow {
  readonly name: string;
  /** Its parameters in order: `exchange:message`; empty where it takes none. */
  readonly parameters: string;
  readonly takes: readonly {
    readonly name: string;
    readonly values: string;
    readonly usual: string | undefined;
  }[];
  readonly reason: string;
  /** With its usual values: who can play it, the usual end first, and what a correct peer makes of each. */
  readonly reactions: readonly { readonly end: End; readonly reaction: Reaction }[];
  readonly examples: readonly string[];
}

/** All of them, in the order of the layers. */
export function impairmentTable(): readonly ImpairmentRow[] {
  return impairments.map(({ name, parameters, reason, examples, reaction }) => {
    const usual = readImpairment(name);
    if (typeof usual === 'string') throw new TypeError(`${name} has no usual values: ${usual}`);
    return {
      name,
      parameters: parameters.map((each) => each.name).join(':'),
      takes: parameters.map((each) => ({ name: each.name, values: each.takes, usual: each.usual })),
      reason,
      reactions: usual.ends.map((end) => ({ end, reaction: reaction(usual.values, end) })),
      examples,
    };
  });
}

/** `connects after all`, `stops at phase1: auth-failed`, with what the correct end drops. */
export function reactionText({ kind, stop, drop }: Reaction): string {
  const dropped = drop === undefined ? '' : `, drops it as ${drop}`;
  switch (kind) {
    case 'stops':
      return `stops at ${stop?.stage}: ${stop?.reason}${dropped}`;
    case 'recovers':
      return `connects after all${dropped}`;
    case 'drops':
    case 'ignores':
      return `connects${dropped}`;
    case 'gives-up':
      return 'connects, and ends the link when it was idle for long';
  }
}
