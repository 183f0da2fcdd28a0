import type { Condition, Row } from '../row.ts';

/** Attributes of the planted runs, and how many values each has. */
export const sizes: Readonly<Record<string, number>> = {
  topology: 6,
  nat: 3,
  client: 12,
  responder: 5,
  p1: 4,
  p2: 24,
  ports: 3,
  natt: 4,
  rule: 3,
  psk: 2,
  user: 4,
  password: 2,
};
export const attributes = Object.keys(sizes);

/** A sequence that a seed decides (mulberry32): the same rows for the same seed. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** So many cells with values at random, which fail where `fails` says so. */
export function run(
  count: number,
  seed: number,
  fails: (values: Readonly<Record<string, string>>) => boolean,
): Row[] {
  const number = numbers(seed);
  return Array.from({ length: count }, () => {
    const values = Object.fromEntries(
      Object.entries(sizes).map(([attribute, size]) => [attribute, `${attribute}${number(size)}`]),
    );
    return { values, failed: fails(values) };
  });
}

/** The row meets all conditions. */
export function meets({ values }: Pick<Row, 'values'>, conditions: readonly Condition[]): boolean {
  return conditions.every(({ attribute, values: wanted }) => wanted.includes(values[attribute] ?? ''));
}
