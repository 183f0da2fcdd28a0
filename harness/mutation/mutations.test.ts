import { expect, test } from 'vitest';
import { mutations } from './mutations.ts';
import { MutationSuite } from './suite.ts';
import { survivors } from './survivors.ts';

const suite = new MutationSuite([]);
const noticed = mutations.filter(({ name }) => !(name in survivors));

test('at least 60 defects are planted, each under a name of its own, and every survivor is one of them', () => {
  const names = mutations.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(names).toEqual(expect.arrayContaining(Object.keys(survivors)));
});

// `npm run mutate` plays all of them.
test.each(noticed.filter((_, index) => index % 4 === 0).map((one) => [one.name, one] as const))(
  '%s: a cell that passes without it turns red',
  (_, mutation) => {
    const { red, unfit } = suite.result(mutation);
    expect(unfit).toEqual([]);
    expect(mutation.cells).toContain(red);
  },
);

test('a defect that changes nothing turns nothing red', () => {
  const nothing = { name: 'nothing', cells: ['direct'], planted: {} } as const;
  expect(suite.result(nothing)).toEqual({ name: 'nothing', red: undefined, why: undefined, unfit: [] });
});

test('a cell that fails by itself proves nothing, and others are asked', () => {
  const wrongKey = mutations.find(({ name }) => name === 'the client has another key');
  if (!wrongKey) throw new Error('the list has changed');
  const broken = 'direct/user=nobody';
  expect(new MutationSuite([]).result({ ...wrongKey, cells: [broken] })).toMatchObject({
    red: undefined,
    unfit: [broken],
  });
});
