import { type Axis, axes, axisDefaults, type Cell, closedAxes } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import { nearest } from '../nearest.ts';
import { suggestion } from '../suggestion.ts';

export type FilterAxis = 'topology' | Axis;
const filterAxes: readonly FilterAxis[] = ['topology', ...axes];

/** One `--where`: cells whose axis has one of these values, or none of them. */
export interface Where {
  /** As it was typed. */
  readonly text: string;
  readonly axis: FilterAxis;
  readonly negated: boolean;
  /** `*` stands for any text. */
  readonly patterns: readonly string[];
}

/** As many values as one reads. */
const mostNamed = 20;

/** Reads `p2=1,2`, `client!=ts:windows-*`. Throws a usage error with the nearest axis. */
export function parseWhere(text: string): Where {
  const [, name = '', sign = '', list = ''] = /^([^\s!=,]+)(!?=)(.+)$/.exec(text) ?? [];
  const patterns = list.split(',');
  if (name === '' || patterns.includes('')) {
    throw badWhere(
      `--where ${text} names no axis with a value`,
      'Write axis=value, axis!=value, axis=one,another or axis=begin*',
    );
  }
  const axis = filterAxes.find((known) => known === name);
  if (axis === undefined) throw badWhere(`there is no axis "${name}"`, suggestion(name, filterAxes));
  return { text, axis, negated: sign === '!=', patterns };
}

/**
 * Whether a cell passes them all. Several of one axis without `!` are one list: any of their values will do.
 */
export function passes(cell: Cell, wheres: readonly Where[]): boolean {
  return [...Map.groupBy(wheres, ({ axis }) => axis)].every(([axis, same]) =>
    valuePasses(String(cell[axis]), same),
  );
}

/** The same of one value of an axis that all of them are about. */
export function valuePasses(value: string, same: readonly Where[]): boolean {
  const wanted = same.filter(({ negated }) => !negated).flatMap(({ patterns }) => patterns);
  const unwanted = same.filter(({ negated }) => negated).flatMap(({ patterns }) => patterns);
  return (wanted.length === 0 || wanted.some(fits(value))) && !unwanted.some(fits(value));
}

/**
 * Throws a usage error with the nearest value for a pattern that fits nothing that there is.
 * @param valuesOf what the cells to choose from have
 * @param elsewhere what else there is to choose from, as the end of the remedy
 */
export function checkWheres(
  wheres: readonly Where[],
  valuesOf: (axis: FilterAxis) => readonly string[],
  elsewhere: string,
): void {
  for (const { axis, patterns } of wheres) {
    const own = axis === 'topology' ? [] : [String(axisDefaults[axis]), ...(closedAxes[axis] ?? [])];
    const known = [...new Set([...own, ...valuesOf(axis)])];
    const unknown = patterns.find((pattern) => !known.some((value) => fits(value)(pattern)));
    if (unknown === undefined) continue;
    const shown = [...new Set([nearest(unknown, known) ?? '', ...known.slice(0, mostNamed)])];
    const named = shown.filter((value) => value !== '');
    const left = known.length - named.length;
    throw badWhere(
      `no cell to choose from has ${axis}=${unknown}`,
      `${suggestion(unknown, named)}${left > 0 ? `, and ${left} more` : ''}${elsewhere}`,
    );
  }
}

function fits(value: string): (pattern: string) => boolean {
  return (pattern) => {
    const literal = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${literal.join('.*')}$`).test(value);
  };
}

function badWhere(found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', { doing: 'selecting the cells', found, remedy });
}
