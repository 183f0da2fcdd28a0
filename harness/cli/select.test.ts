import { expect, test } from 'vitest';
import { type Cell, cell, cellId } from '../cell.ts';
import { peers } from '../peers/registry.ts';
import { loadTopology, topologyNames } from '../topologies.ts';
import { type CellFilter, type Choice, selectCells } from './select.ts';
import { type ListedCell, listedCells } from './suites.ts';
import type { Tier } from './tier.ts';

const gate = (of: Cell): ListedCell => ({ cell: of, tier: 'gate' });

const choice: Choice = {
  listed: [
    gate(cell('office-nat')),
    gate(cell('office-nat', { p2: '1' })),
    gate(cell('hotel-nat', { responder: 'softether' })),
    gate(cell('direct', { client: 'ts:windows-11' })),
    { cell: cell('hotel-nat', { client: 'strongswan', responder: 'softether' }), tier: 'nightly' },
    { cell: cell('direct', { client: 'strongswan' }), tier: 'nightly' },
  ],
  topologies: ['direct', 'hotel-nat', 'office-nat', 'both-nat'],
  peers: ['ts', 'softether', 'strongswan'],
  loadTopology,
};
const ids = (these: readonly { readonly cell: Cell }[]) => these.map(({ cell: one }) => cellId(one));
const select = (filter: CellFilter, tier: Tier = 'gate') => ids(selectCells(filter, tier, choice).cells);

test('no filter selects every listed cell of the tier and of those below it, in order', () => {
  expect(select({}, 'nightly')).toEqual(ids(choice.listed));
  expect(select({}, 'pull-request')).toEqual(ids(choice.listed).slice(0, 4));
});

test('what a higher tier has beside the selection is told', () => {
  const { cells, beyond } = selectCells({ topology: 'hotel-nat' }, 'gate', choice);
  expect(ids(cells)).toEqual(['hotel-nat/responder=softether']);
  expect(beyond).toEqual([choice.listed[4]]);
});

test('a filter that only a higher tier meets says so, and what to type', () => {
  const complaint = (filter: CellFilter) => {
    try {
      return select(filter);
    } catch (error) {
      return error;
    }
  };
  expect(complaint({ client: 'strongswan' })).toMatchObject({
    code: 'usage',
    found: 'no cell of tier gate matches --client strongswan, but 2 of tier nightly do',
    remedy: 'npm test -- --client strongswan --tier nightly plays them',
  });
  expect(complaint({ topology: 'direct', grep: "strong(swan|man's)" })).toMatchObject({
    remedy: `npm test -- --topology direct --grep 'strong(swan|man'\\''s)' --tier nightly plays it`,
  });
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

test('an exact cell is found whether a suite lists it or not, and of whatever tier', () => {
  expect(selectCells({ cell: 'direct/client=strongswan' }, 'gate', choice)).toEqual({
    cells: [{ cell: cell('direct', { client: 'strongswan' }), tier: 'nightly' }],
    beyond: [],
  });
  expect(selectCells({ cell: 'direct/p2=4' }, 'gate', choice).cells).toEqual([
    { cell: cell('direct', { p2: '4' }), tier: undefined },
  ]);
  expect(select({ cell: 'both-nat/nat=no-forwards/p2=4-3' })).toEqual(['both-nat/nat=no-forwards/p2=4-3']);
});

test.each<[CellFilter, string, string]>([
  [{ topology: 'ofice-nat' }, 'there is no topology "ofice-nat"', 'Did you mean office-nat?'],
  [{ responder: 'softehter' }, 'there is no responder "softehter"', 'Did you mean softether?'],
  [{ client: 'ts:windows-12' }, 'there is no client "ts:windows-12"', 'Did you mean ts:windows-11?'],
  [
    { topology: 'both-nat' },
    'no cell matches --topology both-nat',
    'npm test -- --list shows all 4 cells of tier gate',
  ],
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
  const real = { ...choice, listed, topologies: topologyNames(), peers: [...peers.keys()] };
  for (const one of listed) {
    expect(selectCells({ cell: cellId(one.cell) }, 'gate', real).cells).toEqual([one]);
  }
  expect(new Set(listed.map(({ cell: { topology } }) => topology))).toEqual(new Set(topologyNames()));
});

test('every topology lists a cell that must not connect', async () => {
  const wrongKeys = (await listedCells()).filter(({ cell: { psk } }) => psk === 'wrong');
  expect(new Set(wrongKeys.map(({ cell: { topology } }) => topology))).toEqual(new Set(topologyNames()));
});

test('an impairment is put on every cell that is selected, and one on top of another is refused', () => {
  expect(select({ topology: 'office-nat', impair: 'slow' })).toEqual([
    'office-nat/impair=slow',
    'office-nat/p2=1/impair=slow',
  ]);
  expect(select({ cell: 'direct', impair: 'client:drop:main-mode:5' })).toEqual([
    'direct/impair=client:drop:main-mode:5',
  ]);
  expect(() => select({ cell: 'direct/impair=slow', impair: 'bad-icv' })).toThrow('impairment of its own');
});

test('an end that misbehaves in a way that nobody knows is a usage error with the nearest name', () => {
  expect(() => select({ impair: 'bad-ivc' })).toThrow('Did you mean bad-icv?');
  expect(() => select({ cell: 'direct/impair=wrong-hsh' })).toThrow('Did you mean wrong-hash?');
});
