import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonalityOf } from './commonality.ts';
import type { Condition, Row } from './row.ts';
import { attributes, meets, numbers, run, sizes } from './testing/planted.ts';

/** One value of each of one to three attributes. */
const planted = fc
  .uniqueArray(fc.constantFrom('topology', 'client', 'responder', 'ports', 'natt', 'rule', 'psk'), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((names) =>
    fc.tuple(
      ...names.map((attribute) =>
        fc
          .nat({ max: (sizes[attribute] ?? 1) - 1 })
          .map((value): Condition => ({ attribute, values: [`${attribute}${value}`] })),
      ),
    ),
  );

function rowsFailingWith(seed: number, count: number, ...combinations: (readonly Condition[])[]): Row[] {
  return run(count, seed, (values) => combinations.some((each) => meets({ values }, each)));
}

const inOrder = (conditions: readonly Condition[]) =>
  conditions.toSorted((a, b) => attributes.indexOf(a.attribute) - attributes.indexOf(b.attribute));

test('a planted combination is found, exactly and alone', () => {
  const property = fc.property(planted, fc.nat(), (conditions, seed) => {
    const rows = rowsFailingWith(seed, 1000, conditions);
    // Where fewer than eight cells have it others describe them as well.
    fc.pre(rows.filter(({ failed }) => failed).length >= 8);
    const found = commonalityOf(rows, attributes);
    expect(found).toMatchObject({
      kind: 'exactly',
      clauses: [{ conditions: inOrder(conditions), isWeak: false }],
    });
  });
  fc.assert(property, { numRuns: 30, seed: 1 });
});

test('two planted causes are told as two, and what they say is what failed', () => {
  const property = fc.property(planted, planted, fc.nat(), (one, another, seed) => {
    const rows = rowsFailingWith(seed, 1000, one, another);
    const each = [one, another].map((conditions) => rows.filter((row) => meets(row, conditions)).length);
    fc.pre(Math.min(...each) >= 12);
    const found = commonalityOf(rows, attributes);
    if (found.kind !== 'exactly') throw new Error(`found ${found.kind}`);
    expect(found.clauses.length).toBeLessThanOrEqual(2);
    for (const row of rows) {
      expect(found.clauses.some(({ conditions }) => meets(row, conditions))).toBe(row.failed);
    }
  });
  fc.assert(property, { numRuns: 15, seed: 2 });
});

test('whatever is said of any run holds in it', () => {
  const small = fc.record({
    a: fc.constantFrom('1', '2', '3'),
    b: fc.constantFrom('1', '2'),
    c: fc.constantFrom('1', '2', '3', '4'),
    d: fc.constantFrom('1', '2'),
  });
  const runs = fc.array(fc.record({ values: small, failed: fc.boolean() }), { minLength: 1, maxLength: 40 });
  const property = fc.property(runs, (rows) => {
    const found = commonalityOf(rows, ['a', 'b', 'c', 'd']);
    const failing = rows.filter(({ failed }) => failed);
    expect([found.failing, found.cells]).toEqual([failing.length, rows.length]);
    if (found.kind === 'only-with') {
      const having = rows.filter((row) => meets(row, found.conditions));
      expect(having).toHaveLength(found.having);
      expect(failing.every((row) => having.includes(row))).toBe(true);
    }
    if (found.kind !== 'exactly' && found.kind !== 'partly') return;
    const explained = new Set<Row>();
    for (const { conditions, cells, alike } of found.clauses) {
      const having = rows.filter((row) => meets(row, conditions));
      expect(having).toHaveLength(cells);
      expect(having.every(({ failed }) => failed)).toBe(true);
      for (const other of alike) expect(rows.filter((row) => meets(row, other))).toEqual(having);
      for (const row of having) explained.add(row);
    }
    expect(failing.length - explained.size).toBe(found.kind === 'exactly' ? 0 : found.without);
  });
  fc.assert(property, { numRuns: 300, seed: 3 });
});

test('failures at random have nothing in common', () => {
  const number = numbers(7);
  for (const [seed, count] of [3, 10, 30, 100].entries()) {
    const random = run(400, seed, () => false);
    for (let index = 0; index < count; index += 1) {
      const at = number(random.length);
      const row = random[at];
      if (row) random[at] = { ...row, failed: true };
    }
    expect(commonalityOf(random, attributes).kind).toBe('nothing');
  }
});

test('a cause of four values, and one that strikes at times, are told as what all failures share', () => {
  const rows = run(4000, 5, ({ ports, rule, natt, psk }) =>
    [ports, rule, natt, psk].every((value) => value?.endsWith('0')),
  );
  const found = commonalityOf(rows, attributes);
  expect(found.kind).toBe('only-with');
  const shared = found.kind === 'only-with' ? found.conditions.map(({ attribute }) => attribute) : [];
  expect(shared).toEqual(['ports', 'natt', 'rule']);

  const number = numbers(9);
  const sometimes = run(600, 6, ({ client }) => client === 'client3' && number(2) === 0);
  expect(commonalityOf(sometimes, attributes)).toMatchObject({
    kind: 'only-with',
    conditions: [{ attribute: 'client', values: ['client3'] }],
  });
});

test('a cause beside failures by accident explains its own and says how many it does not', () => {
  const rows = run(800, 11, ({ ports, rule }) => ports === 'ports1' && rule === 'rule0');
  const accidents = rows.flatMap(({ failed }, index) => (failed ? [] : [index])).slice(100, 103);
  for (const at of accidents) {
    const row = rows[at];
    if (row) rows[at] = { ...row, failed: true };
  }
  expect(commonalityOf(rows, attributes)).toMatchObject({
    kind: 'partly',
    without: 3,
    clauses: [
      {
        conditions: [
          { attribute: 'ports', values: ['ports1'] },
          { attribute: 'rule', values: ['rule0'] },
        ],
      },
    ],
  });
});

test('values of one attribute are one condition', () => {
  const rows = run(600, 12, ({ ports, psk }) => ports !== 'ports0' && psk === 'psk1');
  expect(commonalityOf(rows, attributes)).toMatchObject({
    kind: 'exactly',
    clauses: [
      {
        conditions: [
          { attribute: 'ports', values: ['ports1', 'ports2'] },
          { attribute: 'psk', values: ['psk1'] },
        ],
      },
    ],
  });
});

const rowsOf = (...cells: readonly (readonly [boolean, string, string])[]): Row[] =>
  cells.map(([failed, a, b]) => ({ failed, values: { a, b } }));

test('few cells: said with doubt where one value explains all, and with its other names', () => {
  const found = commonalityOf(
    rowsOf([true, '1', 'x'], [true, '1', 'x'], [false, '2', 'y'], [false, '2', 'y'], [false, '3', 'y']),
    ['a', 'b'],
  );
  expect(found).toEqual({
    kind: 'exactly',
    failing: 2,
    cells: 5,
    clauses: [
      {
        conditions: [{ attribute: 'a', values: ['1'] }],
        cells: 2,
        alike: [[{ attribute: 'b', values: ['x'] }]],
        isWeak: true,
      },
    ],
  });
});

test('one failure, none, and nothing but failures: there is nothing to compare', () => {
  const one = rowsOf([true, '1', 'x'], [false, '2', 'x']);
  const all = rowsOf([true, '1', 'x'], [true, '2', 'x']);
  const none = rowsOf([false, '1', 'x'], [false, '2', 'x']);
  for (const rows of [one, all, none, []]) {
    expect(commonalityOf(rows, ['a', 'b']).kind).toBe('no-comparison');
  }
});

test('the order of the cells decides nothing', () => {
  const rows = run(300, 21, ({ rule, natt }) => rule === 'rule1' || natt === 'natt2');
  expect(commonalityOf(rows.toReversed(), attributes)).toEqual(commonalityOf(rows, attributes));
});

test('many small causes that leave most failures open are no answer; a few are', () => {
  // Each value stands in thirty rows of its own, which all fail; of the others every second one does, whatever it has.
  const rowsWith = (causes: number, others: number): Row[] => [
    ...Array.from({ length: causes * 30 }, (_, index) => ({
      failed: true,
      values: { [`a${Math.floor(index / 30)}`]: 'yes' },
    })),
    ...Array.from({ length: others }, (_, index) => ({ failed: index % 2 === 0, values: {} })),
  ];
  const names = Array.from({ length: 6 }, (_, index) => `a${index}`);
  expect(commonalityOf(rowsWith(6, 600), names)).toMatchObject({ kind: 'nothing', failing: 480 });
  expect(commonalityOf(rowsWith(2, 600), names)).toMatchObject({ kind: 'partly', without: 300 });
  expect(commonalityOf(rowsWith(6, 180), names)).toMatchObject({ kind: 'partly', without: 90 });
});
