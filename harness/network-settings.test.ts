import { expect, test } from 'vitest';
import { natValues, networkSettings } from './network-settings.ts';
import { loadTopology } from './topologies.ts';

const settings = (topology: string, nat: string) => networkSettings(loadTopology(topology), nat);
const kinds = (topology: string, nat: string) =>
  Object.fromEntries(Object.entries(settings(topology, nat).nats).map(([box, { kind }]) => [box, kind.name]));

test('boxes are linux where nobody says otherwise', () => {
  expect(kinds('both-nat', 'default')).toEqual({ 'hotel-nat': 'linux', 'office-nat': 'linux' });
  expect(settings('direct', 'default')).toMatchObject({
    nats: {},
    filters: {},
    links: {},
    dial: '198.18.2.10',
  });
});

test('a kind alone is of the first box on the path; another box is named', () => {
  expect(kinds('both-nat', 'symmetric')).toEqual({ 'hotel-nat': 'symmetric', 'office-nat': 'linux' });
  expect(kinds('both-nat', 'office-nat:full-cone')).toEqual({
    'hotel-nat': 'linux',
    'office-nat': 'full-cone',
  });
  expect(kinds('both-nat', 'symmetric+office-nat:full-cone')).toEqual({
    'hotel-nat': 'symmetric',
    'office-nat': 'full-cone',
  });
  expect(kinds('office-nat', 'full-cone')).toEqual({ 'office-nat': 'full-cone' });
});

test('a kind alone is of every box that stands first before a client', () => {
  expect(kinds('sales-people', 'symmetric')).toEqual({
    'hotel-nat': 'symmetric',
    'home-nat': 'symmetric',
    'cafe-nat': 'symmetric',
    'airport-nat': 'symmetric',
    'fair-nat': 'symmetric',
  });
  expect(() => settings('sales-people', 'home-nat:symmetric')).toThrow(/Write symmetric/);
  expect(natValues(loadTopology('sales-people'))).toEqual(natValues(loadTopology('shared-nat')));
});

test('a variant changes forwards, a kind beside it the behaviour', () => {
  const { nats } = settings('both-nat', 'only-500+symmetric');
  expect(nats['office-nat']?.forwards.map(({ port }) => port)).toEqual([500]);
  expect(nats['hotel-nat']?.kind.name).toBe('symmetric');
});

test('single values are listed: variants, kinds of the first box, kinds of the others by name', () => {
  const values = natValues(loadTopology('both-nat'));
  expect(values).toEqual(
    expect.arrayContaining(['default', 'only-500', 'symmetric', 'office-nat:symmetric']),
  );
  expect(natValues(loadTopology('direct'))).toEqual(['default']);
  for (const value of values) expect(() => settings('both-nat', value)).not.toThrow();
});

test.each([
  ['office-nat', 'no-forward', /no NAT variant "no-forward" of office-nat.* Did you mean no-forwards\?/],
  ['hotel-nat', 'symetric', /Did you mean symmetric\?/],
  ['direct', 'symmetric', /no NAT variant "symmetric" of direct/],
  ['both-nat', 'offce-nat:symmetric', /Did you mean office-nat:symmetric\?/],
  ['both-nat', 'hotel-nat:symmetric', /Write symmetric: without a name the first box is meant/],
  ['both-nat', 'symmetric+only-500', /only-500 is a variant\. One variant at most, and first/],
  ['both-nat', 'symmetric+full-cone', /hotel-nat comes late\. Each box once/],
  ['both-nat', 'office-nat:linux+symmetric', /Each box once, in the order of the path/],
  ['both-nat', 'default+symmetric', /no NAT variant "default"/],
  ['both-nat', '', /no NAT variant ""/],
])('%s cannot be nat=%s', (topology, nat, complaint) => {
  expect(() => settings(topology, nat)).toThrow(complaint);
});
