import { expect, test } from 'vitest';
import { controlsOf, isOurs, type PairResult, pairResults } from './pair-results.ts';
import { exampleCell } from './testing/example-recording.ts';

const results = (...ids: string[]) => pairResults(ids.map((id) => exampleCell(id)));

test('an id is taken apart into placement, pair and setting', () => {
  expect(results('office-nat/client=strongswan/p2=3')).toMatchObject([
    { placement: 'office-nat', setting: 'p2=3', client: 'strongswan', responder: 'ts:alliedware' },
  ]);
  expect(results('shared-nat/clients=2/sourceport=distinct')).toMatchObject([
    { placement: 'shared-nat/clients=2/sourceport=distinct', setting: '', client: 'ts:windows-xp-sp2' },
  ]);
});

test('a cell that was played several times is one result', () => {
  expect(results('direct', 'direct', 'hotel-nat')).toMatchObject([
    { placement: 'direct', result: { of: 2 } },
    { placement: 'hotel-nat', result: { of: 1 } },
  ]);
});

test('our stack is ours in any clothes', () => {
  expect(['ts:windows-xp-sp2', 'ts:alliedware', 'strongswan', 'tsunami'].filter(isOurs)).toEqual([
    'ts:windows-xp-sp2',
    'ts:alliedware',
  ]);
});

const all = pairResults([
  exampleCell('direct/responder=softether'),
  exampleCell('direct/client=strongswan'),
  exampleCell('direct/client=strongswan/responder=softether'),
  exampleCell('direct/client=strongswan/responder=strongswan'),
  exampleCell('direct/client=libreswan/responder=softether', { verdict: 'unsupported' }),
  exampleCell('hotel-nat/client=strongswan/responder=softether'),
  exampleCell('direct/client=strongswan/responder=softether/p2=1'),
]);
const controls = (client: string, responder: string) => {
  const of = all.find((one) => one.client === client && one.responder === responder) as PairResult;
  return controlsOf(of, all).map((one) => `${one.client} ${one.responder}`);
};

test('a control has a stranger in the place of our stack, all else alike, and was played', () => {
  expect(controls('ts:windows-xp-sp2', 'softether')).toEqual(['strongswan softether']);
  expect(controls('strongswan', 'ts:alliedware')).toEqual(['strongswan softether', 'strongswan strongswan']);
});

test('a pair of strangers has no control', () => {
  expect(controls('strongswan', 'softether')).toEqual([]);
});
