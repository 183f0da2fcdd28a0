import { expect, test } from 'vitest';
import { cell, cellId } from '../cell.ts';
import { checkWheres, parseWhere, passes } from './where.ts';

const cells = [
  cell('direct'),
  cell('direct', { p2: '1' }),
  cell('direct', { p2: '4-1', client: 'ts:windows-7' }),
  cell('office-nat', { p2: '1', client: 'ts:macos', clients: 2 }),
];
const which = (...texts: string[]) => cells.filter((one) => passes(one, texts.map(parseWhere))).map(cellId);

test.each<[string[], string[]]>([
  [['topology=office-nat'], ['office-nat/client=ts:macos/p2=1/clients=2']],
  [['p2=1', 'topology=direct'], ['direct/p2=1']],
  [['clients!=1'], ['office-nat/client=ts:macos/p2=1/clients=2']],
  [
    ['client=ts:windows-*', 'p2!=4-*'],
    ['direct', 'direct/p2=1'],
  ],
  // Repeated, an axis is asked for any of its values, and negations add up.
  [
    ['p2=1', 'p2=4-1', 'client!=ts:macos'],
    ['direct/p2=1', 'direct/client=ts:windows-7/p2=4-1'],
  ],
  [['p2!=1', 'p2!=4-1'], ['direct']],
  [
    ['p2=1,4-1', 'topology=direct'],
    ['direct/p2=1', 'direct/client=ts:windows-7/p2=4-1'],
  ],
])('%j', (texts, ids) => {
  expect(which(...texts)).toEqual(ids);
});

test.each([
  ['p3=1', 'there is no axis "p3"', 'Did you mean p1?'],
  ['p2', '--where p2 names no axis with a value', 'Write axis=value'],
  ['p2=', '--where p2= names no axis with a value', 'Write axis=value'],
  ['p2=1,', 'names no axis with a value', 'Write axis=value'],
  ['P2=1', 'there is no axis "P2"', 'Did you mean p2?'],
  ['nat-t=off', 'there is no axis "nat-t"', 'Did you mean natt?'],
])('%s is refused', (text, found, remedy) => {
  expect(() => parseWhere(text)).toThrow(
    expect.objectContaining({
      code: 'usage',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    }),
  );
});

test('a value that nothing has is refused with the nearest; one of a closed list is only without cells', () => {
  const check = (text: string) => () =>
    checkWheres([parseWhere(text)], (axis) => cells.map((one) => String(one[axis])), '');
  expect(check('client=ts:windows-8')).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('Did you mean ts:windows-7?') }),
  );
  expect(check('natt!=of')).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('Did you mean off?') }),
  );
  expect(check('client=linux-*')).toThrow('no cell to choose from has client=linux-*');
  expect(check('natt=off')).not.toThrow();
  // What is typed is text, not an expression.
  expect(check('client=ts.macos')).toThrow('has client=ts.macos');
});

test('of many values it names some and says how many there are beside them, and where else to look', () => {
  const values = Array.from({ length: 50 }, (_, index) => `kind-${index}`);
  expect(() => checkWheres([parseWhere('nat=nothing')], () => values, '. Elsewhere')).toThrow(
    expect.objectContaining({ remedy: expect.stringMatching(/kind-18, and 31 more\. Elsewhere$/) }),
  );
});
