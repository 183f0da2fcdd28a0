import { expect, test } from 'vitest';
import {
  clientPlaces,
  hidingBoxes,
  outerAddress,
  ownAddress,
  pathFrom,
  withClients,
} from './client-places.ts';
import { loadTopology, topologyNames } from './topologies.ts';

test('the client of the path comes first, the others in the order of the file', () => {
  const { nodes } = loadTopology('shared-nat');
  const path = ['client-3', 'hotel', 'hotel-nat'];
  expect(clientPlaces({ nodes, path })).toEqual(['client-3', 'client', 'client-2', 'client-4', 'client-5']);
});

test('a topology keeps the first of its clients, and all else', () => {
  const whole = loadTopology('shared-nat');
  const two = withClients(whole, 2);
  expect(clientPlaces(two)).toEqual(['client', 'client-2']);
  const others = Object.keys(whole.nodes).filter((name) => !name.startsWith('client'));
  expect(Object.keys(two.nodes)).toEqual(['client', 'client-2', ...others]);
  expect(two).toEqual({ ...whole, nodes: two.nodes });
  expect(withClients(whole, 5)).toEqual(whole);
});

test('at several places each client has a path of its own, which joins the drawn one', () => {
  const topology = loadTopology('sales-people');
  const rest = ['access', 'isp', 'internet', 'responder', 'office', 'server'];
  expect(clientPlaces(topology).map((place) => pathFrom(topology, place))).toEqual([
    ['client', 'hotel', 'hotel-nat', ...rest],
    ['client-2', 'home', 'home-nat', ...rest],
    ['client-3', 'cafe', 'cafe-nat', ...rest],
    ['client-4', 'airport', 'airport-nat', ...rest],
    ['client-5', 'fair', 'fair-nat', ...rest],
  ]);
  // Those beside each other differ in where they begin.
  const shared = loadTopology('shared-nat');
  expect(pathFrom(shared, 'client-4')).toEqual(['client-4', ...shared.path.slice(1)]);
});

test('one private address behind five gateways is five addresses outside', () => {
  const topology = loadTopology('sales-people');
  const places = clientPlaces(topology);
  expect(new Set(places.map((place) => ownAddress(topology, place)))).toEqual(new Set(['192.168.1.10']));
  expect(places.map((place) => outerAddress(topology, place))).toEqual(
    [10, 11, 12, 13, 14].map((host) => `198.18.1.${host}`),
  );
  expect(hidingBoxes(topology, 'client-2')).toEqual(['home-nat']);
  // A carrier's gateway behind the one at home is what the responder sees; one of the office hides nobody who dials.
  const carrier = loadTopology('carrier-nat');
  expect(outerAddress(carrier, 'client')).toBe(
    carrier.nodes['carrier-nat']?.interfaces.access?.replace(/\/.*/, ''),
  );
  expect(hidingBoxes(loadTopology('office-nat'), 'client')).toEqual([]);
});

test('places that a cell does not take are left out with their gateways and segments', () => {
  const whole = loadTopology('sales-people');
  const two = withClients(whole, 2);
  const left = (parts: object) => Object.keys(parts).filter((name) => /cafe|airport|fair|-[345]$/.test(name));
  expect(left(whole.nodes)).toHaveLength(6);
  expect(left(two.nodes)).toEqual([]);
  expect(Object.keys(two.segments)).toEqual(['hotel', 'home', 'access', 'internet', 'office']);
  expect(clientPlaces(two)).toEqual(['client', 'client-2']);
  expect(withClients(whole, 5)).toEqual(whole);
});

test.each(topologyNames())('%s has a place for one client', (name) => {
  const topology = loadTopology(name);
  expect(clientPlaces(withClients(topology, 1))).toEqual([topology.path[0]]);
});

test('more clients than places are a usage error', () => {
  expect(() => withClients(loadTopology('hotel-nat'), 2)).toThrow(
    expect.objectContaining({
      code: 'usage',
      doing: 'placing 2 clients in topology hotel-nat',
      found: 'it has places for 1',
    }),
  );
});
