import { expect, test } from 'vitest';
import { cell, cellId } from '../cell.ts';
import { loadTopology } from '../topologies.ts';
import { type CellFilter, selectCells } from './select.ts';
import { listedCells } from './suites.ts';

const choice = {
  listed: [
    cell('office-nat'),
    cell('office-nat', { p2: '1' }),
    cell('hotel-nat', { responder: 'softether' }),
    cell('direct', { client: 'ts:windows-11' }),
  ],
  topologies: ['direct', 'hotel-nat', 'office-nat', 'both-nat'],
  peers: ['ts', 'softether', 'strongswan'],
  loadTopology,
};
const select = (filter: CellFilter) => selectCells(filter, choice).map(cellId);

test('no filter selects every listed cell, in order', () => {
  expect(select({})).toEqual(choice.listed.map(cellId));
});

test('filters narrow, together', () => {
  expect(select({ topology: 'office-nat' })).toEqual(['office-nat', 'office-nat/p2=1']);
  expect(select({ topology: 'office-nat', grep: 'p2=[12]$' })).toEqual(['office-nat/p2=1']);
  expect(select({ responder: 'softether' })).toEqual(['hotel-nat/responder=softether']);
});

test('a peer is chosen by name or by name and profile', () => {
  expect(select({ client: 'ts' })).toHaveLength(4);
  expect(select({ client: 'ts:windows-11' })).toEqual(['direct/client=ts:windows-11']);
});

test('an exact cell is found whether a suite lists it or not', () => {
  expect(select({ cell: 'both-nat/nat=no-forwards/p2=4-3' })).toEqual(['both-nat/nat=no-forwards/p2=4-3']);
});

test.each<[CellFilter, string, string]>([
  [{ topology: 'ofice-nat' }, 'there is no topology "ofice-nat"', 'Did you mean office-nat?'],
  [{ responder: 'softehter' }, 'there is no responder "softehter"', 'Did you mean softether?'],
  [{ client: 'ts:windows-12' }, 'there is no client "ts:windows-12"', 'Did you mean ts:windows-11?'],
  [{ topology: 'both-nat' }, 'no cell matches --topology both-nat', 'npm test -- --list shows all 4 cells'],
  [{ grep: '(' }, 'Invalid regular expression', 'Write a regular expression'],
  [{ cell: 'both-nat/nat=no-forward' }, 'there is no NAT variant "no-forward"', 'Did you mean no-forwards?'],
  [{ cell: 'both-nat/responder=tss' }, 'there is no peer "tss"', 'Did you mean ts?'],
  [{ cell: 'offce-nat' }, 'there is no topology "offce-nat"', 'Did you mean office-nat?'],
  [{ cell: 'direct', topology: 'direct' }, '--cell names one cell', 'Leave the other filters out'],
])('%j is a usage error', (filter, found, remedy) => {
  expect(() => select(filter)).toThrow(
    expect.objectContaining({
      code: 'usage',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    }),
  );
});

test('every listed cell is one that its topology can be set to, and has an id that replays it', async () => {
  const listed = await listedCells();
  for (const one of listed) {
    expect(selectCells({ cell: cellId(one) }, { ...choice, topologies: [one.topology] })).toEqual([one]);
  }
  expect(new Set(listed.map(({ topology }) => topology))).toEqual(
    new Set(['both-nat', 'direct', 'hotel-nat', 'office-nat', 'remote-office-nat']),
  );
});

test('every topology lists a cell that must not connect', async () => {
  const wrongKeys = (await listedCells()).filter(({ psk }) => psk === 'wrong');
  expect(wrongKeys.map(({ topology }) => topology)).toEqual([
    'both-nat',
    'direct',
    'hotel-nat',
    'office-nat',
    'remote-office-nat',
  ]);
});
