import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const topologies = ['direct', 'hotel-nat', 'office-nat', 'both-nat'];

test('names the one that was meant', () => {
  expect(nearest('offce-nat', topologies)).toBe('office-nat');
  expect(nearest('Office-NAT', topologies)).toBe('office-nat');
  expect(nearest('direkt', topologies)).toBe('direct');
});

test('suggests nothing for a name that is like none, or when there is none', () => {
  expect(nearest('kubernetes', topologies)).toBeUndefined();
  expect(nearest('office-nat', [])).toBeUndefined();
});
