import { expect, test } from 'vitest';
import { parseImageName, readableName } from './image-name.ts';

test.each([
  ['box', 'box', 'bookworm', 'box'],
  ['strongswan@bookworm', 'strongswan', 'bookworm', 'strongswan'],
  ['strongswan@trixie', 'strongswan', 'trixie', 'strongswan-trixie'],
])('%s is images/%s on %s, called %s', (text, folder, suite, readable) => {
  expect(parseImageName(text)).toEqual({ folder, suite });
  expect(readableName(parseImageName(text))).toBe(readable);
});

test.each(['box@trixi', 'box@', '@', 'box@trixie@trixie'])('%s names no known suite', (text) => {
  expect(() => parseImageName(text)).toThrow(/no image is made of.*[Kk]nown: bookworm, trixie/s);
});

test('a suite that is nearly right is guessed', () => {
  expect(() => parseImageName('box@trixi')).toThrow('Did you mean trixie?');
});
