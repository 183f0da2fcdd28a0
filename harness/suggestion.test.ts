import { expect, test } from 'vitest';
import { suggestion } from './suggestion.ts';

const topologies = ['direct', 'hotel-nat', 'office-nat', 'both-nat'];
const list = 'Known: direct, hotel-nat, office-nat, both-nat';

test('the remedy names the nearest, and always what is known', () => {
  expect(suggestion('ofice-nat', topologies)).toBe(`Did you mean office-nat? ${list}`);
  expect(suggestion('zzzzzzzzzz', topologies)).toBe(list);
  expect(suggestion('x', [])).toBe('None is known');
});

test('a beginning of a long name finds it', () => {
  expect(suggestion('off', topologies)).toBe(`Did you mean office-nat? ${list}`);
});
