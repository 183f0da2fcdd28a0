import { expect, test } from 'vitest';
import { clientHasOfficeSubnet } from './client-lan.ts';
import { loadTopology, topologyNames } from './topologies.ts';

test('one topology alone has a hotel that numbers as the office does', () => {
  const alike = topologyNames().filter((name) => clientHasOfficeSubnet(loadTopology(name), 'client'));
  expect(alike).toEqual(['same-subnet']);
});
