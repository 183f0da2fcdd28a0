import { expect, test } from 'vitest';
import { clientPlaces, withClients } from './client-places.ts';
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
  expect(Object.keys(two.nodes)).toEqual(['client', 'client-2', 'hotel-nat', 'isp', 'responder', 'server']);
  expect(two).toEqual({ ...whole, nodes: two.nodes });
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
