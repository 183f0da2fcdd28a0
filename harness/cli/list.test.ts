import { expect, test } from 'vitest';
import { type Cell, cell } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import { loadTopology } from '../topologies.ts';
import { listJson, listText } from './list.ts';
import type { SelectedCell } from './select.ts';

const connect: Expectation = {
  outcome: { kind: 'connect' },
  checks: [],
  rules: [{ id: 'A-1', source: 'a document', confidence: 'V' }],
  disputed: false,
};
const stop: Expectation = {
  outcome: { kind: 'stop', stage: 'traffic', reason: 'no-traffic' },
  checks: [],
  rules: [
    { id: 'A-1', source: 'a document', confidence: 'V' },
    { id: 'B-2', source: 'another', confidence: 'D' },
  ],
  disputed: true,
};
const sources = {
  loadTopology,
  expect: ({ clients }: Cell) => (clients === 1 ? [connect] : [stop, connect]),
};
const cells: readonly SelectedCell[] = [
  { cell: cell('direct'), tier: 'gate' },
  { cell: cell('direct', { clients: 2 }), tier: 'nightly' },
  { cell: cell('hotel-nat', { p2: '3' }), tier: undefined },
];

test('one id a line, and the tier of what the gate does not play', () => {
  expect(listText(cells, false, sources)).toBe('direct\ndirect/clients=2 (nightly)\nhotel-nat/p2=3\n');
});

test('verbose: what is expected of every client, by which rules, and the tier', () => {
  const lines = listText(cells, true, sources).split('\n');
  expect(lines.filter((line) => line.startsWith('  direct'))).toEqual([
    '  direct            connect  [A-1]',
    '  direct/clients=2  client 1 stop at traffic: no-traffic, client 2 connect (disputed)  [A-1, B-2] (nightly)',
  ]);
});

test('for programs: tier and expectations as values', () => {
  expect(JSON.parse(listJson(cells, sources))).toMatchObject([
    { cell: 'direct', tier: 'gate', expected: { kind: 'connect' }, rules: ['A-1'], disputed: false },
    {
      cell: 'direct/clients=2',
      tier: 'nightly',
      expected: { kind: 'stop', stage: 'traffic', reason: 'no-traffic' },
      others: [{ kind: 'connect' }],
      disputed: true,
    },
    { cell: 'hotel-nat/p2=3', expected: { kind: 'connect' } },
  ]);
});
