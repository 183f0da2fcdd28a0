import type { End, Impairment, Parameter, Reaction, Values } from './impairment.ts';

export const either = ['client', 'responder'] as const;
export const byClient = ['client'] as const;

/** An impairment without parameters. */
export function plain(
  written: Pick<Impairment, 'name' | 'reason' | 'begin'> & {
    readonly playedBy: readonly [End, ...End[]];
    readonly reaction: Reaction | ((end: End) => Reaction);
  },
): Impairment {
  const { name, reason, playedBy, reaction, begin } = written;
  return {
    name,
    parameters: [],
    reason,
    playedBy: () => playedBy,
    reaction: (_values, end) => (typeof reaction === 'function' ? reaction(end) : reaction),
    examples: [name],
    begin,
  };
}

/** A parameter that takes one of these words. */
export function oneOf(name: string, words: readonly string[], usual?: string): Parameter {
  const takes = words.join(', ');
  return { name, takes, allows: (value) => words.includes(value), ...(usual !== undefined && { usual }) };
}

/** A parameter that takes a whole number. */
export function wholeNumber(name: string, least: number, most: number, usual: number): Parameter {
  const allows = (value: string) => /^\d{1,9}$/.test(value) && +value >= least && +value <= most;
  return { name, takes: `${least} to ${most}`, allows, usual: `${usual}` };
}

/** The value of a parameter; reading the text has seen to it that there is one. */
export function chosen(values: Values, name: string): string {
  const value = values[name];
  if (value === undefined) throw new RangeError(`an impairment without its parameter ${name}`);
  return value;
}

export const stops = (
  stage: string,
  reason: string,
  words: string,
  more: Partial<Reaction> = {},
): Reaction => ({
  kind: 'stops',
  words,
  stop: { stage, reason },
  ...more,
});

/** A function that is true the first time it is asked of each thing. */
export function firstTime(): (what: string) => boolean {
  const seen = new Set<string>();
  return (what) => {
    const isNew = !seen.has(what);
    seen.add(what);
    return isNew;
  };
}
