import { expect, test } from 'vitest';
import { cell } from './cell.ts';
import { loadTopology } from './topologies.ts';
import { nothingToBrowse, webHostOf, withWebHostFor } from './web-host.ts';

const topology = loadTopology('hotel-nat');
const office = cell('hotel-nat');
const internet = cell('hotel-nat', { browse: 'internet' });

test('the web host is there where a cell browses, and nowhere else', () => {
  expect(webHostOf(withWebHostFor(topology, [office, internet]))).toEqual({
    name: 'web',
    segment: 'internet',
    address: '198.18.2.80',
  });
  const without = withWebHostFor(topology, [office]);
  expect(webHostOf(without)).toBeUndefined();
  expect(Object.keys(without.nodes)).toEqual(Object.keys(topology.nodes).filter((name) => name !== 'web'));
});

test('a topology without one says so to who wants to browse', () => {
  expect(nothingToBrowse(internet, topology)).toBeUndefined();
  expect(nothingToBrowse(office, withWebHostFor(topology, [office]))).toBeUndefined();
  const carrier = loadTopology('carrier-nat');
  expect(nothingToBrowse(cell('carrier-nat', { browse: 'internet' }), carrier)).toBe(
    'carrier-nat has no host on the Internet',
  );
});
