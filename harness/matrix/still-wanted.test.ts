import { expect, test } from 'vitest';
import { StillWanted, unset } from './still-wanted.ts';
import { everything, type Factor } from './wanted.ts';

const every = (size: number) => new Set(Array.from({ length: size }, (_, value) => value));
const plain = (size: number): Factor => ({ size, representatives: every(size), masking: new Set() });
const masked: Factor = { ...plain(2), masking: new Set([1]) };

test('a row that is kept shows its pairs and its values, and no others', () => {
  const factors = [2, 2, 2].map(plain);
  const wanted = new StillWanted(factors, everything(factors));
  wanted.strike([0, 0, 0]);
  // Two values are as they were, and one pair with them.
  expect(wanted.countIn([0, 0, 1])).toBe(2);
  expect([...wanted.values()]).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  expect([...wanted.takePairs()]).toHaveLength(3 * 4 - 3);
});

test('beside a masking value a row shows nothing but pairs with it', () => {
  const factors = [masked, plain(2), plain(2)];
  const wanted = new StillWanted(factors, everything(factors));
  expect(wanted.countIn([1, 0, 0])).toBe(2);
  wanted.strike([1, 0, 0]);
  // Neither the pair of the others nor their values were seen.
  expect(wanted.countIn([0, 0, 0])).toBe(3);
  expect([...wanted.values()]).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
  ]);
});

test('beside two masking values a row shows the pair of both alone', () => {
  const factors = [masked, masked, plain(2)];
  const wanted = new StillWanted(factors, everything(factors));
  expect(wanted.countIn([1, 1, 0])).toBe(1);
  expect(wanted.gains([1, 1, unset], 2)).toEqual([0, 0]);
});

test('what a value gains are the wanted pairs that it makes, and half of one where it is wanted itself', () => {
  const factors = [2, 2, 2].map(plain);
  const wanted = new StillWanted(factors, everything(factors));
  expect(wanted.gains([0, 0, unset], 2)).toEqual([2.5, 2.5]);
  wanted.strike([0, 1, 1]);
  expect(wanted.gains([0, 0, unset], 2)).toEqual([2.5, 1]);
});
