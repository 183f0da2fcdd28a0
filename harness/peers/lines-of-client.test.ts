import { expect, test } from 'vitest';
import { linesOfClient } from './lines-of-client.ts';

const names = (line: string) => /#\d+/.exec(line)?.[0];
const lines = ['listening', '#1 begins', 'a packet', '#2 begins', '#1 repeats', 'another packet', '#2 is up'];

test('lines are of the client in whose time they came, but for those that name an earlier connection', () => {
  expect(linesOfClient(lines, [0, 2], 0, names)).toEqual(['listening', '#1 begins', '#1 repeats']);
  expect(linesOfClient(lines, [0, 2], 1, names)).toEqual([
    'a packet',
    '#2 begins',
    'another packet',
    '#2 is up',
  ]);
});

test('a client that has not dialled has no lines, and one in whose time nothing came neither', () => {
  expect(linesOfClient(lines, [0, 2], 2, names)).toEqual([]);
  expect(linesOfClient(lines, [0, 0], 0, names)).toEqual([]);
  expect(linesOfClient(lines, [0, 0], 1, names)).toEqual(lines);
});
