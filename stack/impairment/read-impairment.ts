import { impairments } from './catalogue.ts';
import type { End, Impairment, Values } from './impairment.ts';

/** An impairment with its values, and the ends that can play it, the usual one first. */
export interface ChosenImpairment {
  readonly impairment: Impairment;
  readonly values: Values;
  readonly ends: readonly [End, ...End[]];
}

/** Reads `name:value:value`; a sentence that says what is wrong where it is none. */
export function readImpairment(text: string): ChosenImpairment | string {
  const [name, ...given] = text.split(':');
  const impairment = impairments.find((known) => known.name === name);
  if (impairment === undefined) return `there is no impairment ${JSON.stringify(name)}`;
  const { parameters } = impairment;
  if (given.length > parameters.length) {
    const takes = parameters.length === 0 ? 'no value' : parameters.map((each) => each.name).join(':');
    return `${name} takes ${takes}, not ${JSON.stringify(given.join(':'))}`;
  }
  const values: Record<string, string> = {};
  for (const [index, parameter] of parameters.entries()) {
    const value = given[index] ?? parameter.usual;
    if (value === undefined || !parameter.allows(value)) {
      return `${name} takes as ${parameter.name}: ${parameter.takes}; not ${JSON.stringify(value ?? '')}`;
    }
    values[parameter.name] = value;
  }
  const ends = impairment.playedBy(values);
  return typeof ends === 'string' ? `${name}: ${ends}` : { impairment, values, ends };
}
