import { expect, test } from 'vitest';
import { loadTopology } from './topologies.ts';
import { asksForRoutes, tunnelRoutes } from './tunnel-routes.ts';

const hotel = loadTopology('hotel-nat');
const alike = loadTopology('same-subnet');

test('the default gateway of the remote network takes everything, without it the tunnel has the office alone', () => {
  expect(tunnelRoutes({ gateway: 'remote' }, hotel, 'client')).toEqual(['0.0.0.0/1', '128.0.0.0/1']);
  expect(tunnelRoutes({ gateway: 'local' }, hotel, 'client')).toEqual(['192.168.2.0/24']);
  // The hotel has the office's subnet there.
  expect(tunnelRoutes({ gateway: 'local' }, alike, 'client')).toEqual([]);
});

test('a proof of traffic goes by the routes where they are what is asked about', () => {
  const asked = (gateway: 'remote' | 'local', topology: typeof hotel) =>
    asksForRoutes({ gateway }, topology, 'client');
  expect([asked('remote', hotel), asked('local', hotel), asked('remote', alike)]).toEqual([
    false,
    true,
    true,
  ]);
});
