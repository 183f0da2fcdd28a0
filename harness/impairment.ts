import { impairments } from '../stack/impairment/catalogue.ts';
import type { End, Reaction } from '../stack/impairment/impairment.ts';
import { readImpairment } from '../stack/impairment/read-impairment.ts';
import type { Cell } from './cell.ts';
import { CrossnatError } from './error.ts';
import { suggestion } from './suggestion.ts';

/** Which end of a cell misbehaves, and how. */
export interface PlayedImpairment {
  readonly end: End;
  /** As an endpoint of our stack takes it: `drop:main-mode:5`. */
  readonly text: string;
  readonly name: string;
  /** In the order of its parameters, with those that were left out. */
  readonly values: readonly string[];
  readonly reason: string;
  /** What a correct peer makes of it, as the object itself says. */
  readonly reaction: Reaction;
}

/**
 * Reads a value of the axis `impair`: the end that misbehaves and a colon, which may be left out, then the
 * impairment (`responder:slow:900`, `drop:main-mode:5`). A sentence that says what is wrong where it is none.
 */
export function readImpair(value: string): PlayedImpairment | string {
  const [first = ''] = value.split(':');
  const named = (['client', 'responder'] as const).find((end) => end === first);
  const text = named === undefined ? value : value.slice(named.length + 1);
  const read = readImpairment(text);
  if (typeof read === 'string') return read;
  const { impairment, values, ends } = read;
  const end = named ?? ends[0];
  if (!ends.includes(end)) return `a ${end} cannot play ${text}, a ${ends[0]} can`;
  return {
    end,
    text,
    name: impairment.name,
    values: impairment.parameters.map(({ name }) => values[name] ?? ''),
    reason: impairment.reason,
    reaction: impairment.reaction(values, end),
  };
}

/** The impairment of a cell, if it has one. Throws a usage error with the nearest name where nobody knows it. */
export function impairmentOf({ impair }: Pick<Cell, 'impair'>): PlayedImpairment | undefined {
  return impair === 'none' ? undefined : knownImpair(impair);
}

/** The same of a value that somebody typed. */
export function knownImpair(value: string): PlayedImpairment {
  const read = readImpair(value);
  if (typeof read !== 'string') return read;
  const name = value.split(':').find((word) => word !== 'client' && word !== 'responder') ?? '';
  const names = impairments.map((each) => each.name);
  throw new CrossnatError('usage', {
    doing: `reading the impairment ${JSON.stringify(value)}`,
    found: read,
    remedy: names.includes(name)
      ? 'npm test -- --list-impairments shows what each takes'
      : suggestion(name, names),
  });
}

/** What an endpoint of our stack is given where its end of the cell misbehaves; an empty object where not. */
export function misbehaviour(cell: Pick<Cell, 'impair'>, end: End): { readonly impairment?: string } {
  const played = impairmentOf(cell);
  return played?.end === end ? { impairment: played.text } : {};
}

/** Why a peer that only behaves cannot play its end of a cell; `undefined` where it need not misbehave. */
export function impairmentAsked({ impair }: Pick<Cell, 'impair'>, end: End): string | undefined {
  if (impair === 'none') return undefined;
  const read = readImpair(impair);
  if (typeof read === 'string') return read;
  return read.end === end ? `it cannot be told to misbehave as ${impair} asks` : undefined;
}
