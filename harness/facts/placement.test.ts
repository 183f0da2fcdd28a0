import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { withClients } from '../client-places.ts';
import { loadTopology } from '../topologies.ts';
import { placementOf } from './placement.ts';

test.each([1, 2, 5])('%i clients in the hotel are placed as the one of hotel-nat', (clients) => {
  const topology = withClients(loadTopology('shared-nat'), clients);
  const placement = placementOf(cell('shared-nat', { clients }), topology);
  expect(placement).toEqual({ clientNats: 1, clientNatEsp: 'mapped' });
  expect(placement).toEqual(placementOf(cell('hotel-nat'), loadTopology('hotel-nat')));
});
