import { expect, test } from 'vitest';
import { nearest, suggestion } from './nearest.ts';

const topologies = ['direct', 'hotel-nat', 'office-nat', 'both-nat'];

test('a typing slip finds the name that was meant', () => {
  expect(nearest('ofice-nat', topologies)).toBe('office-nat');
  expect(nearest('Direct', topologies)).toBe('direct');
});

test('a beginning of a long name finds it', () => {
  expect(nearest('off', topologies)).toBe('office-nat');
});

test('a name that is like none of them gets no guess', () => {
  expect(nearest('zzzzzzzzzz', topologies)).toBeUndefined();
});

test('the suggestion always lists what is known', () => {
  expect(suggestion('ofice-nat', topologies)).toBe(
    'Did you mean office-nat? Known: direct, hotel-nat, office-nat, both-nat',
  );
  expect(suggestion('zzzzzzzzzz', topologies)).toBe('Known: direct, hotel-nat, office-nat, both-nat');
  expect(suggestion('x', [])).toBe('None is known');
});
