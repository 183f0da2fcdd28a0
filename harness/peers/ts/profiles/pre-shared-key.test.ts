import { expect, test } from 'vitest';
import { keyCharactersOf, keyOctets } from './pre-shared-key.ts';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

// RFC 3629 section 3 (UTF-8), ISO 8859-1 and RFC 2781 (UTF-16) of the letter u with two dots, U+00FC.
test('a letter that is not ASCII is as many different octets as there are encodings', () => {
  expect(hex(keyOctets('ü', 'utf-8'))).toBe('c3bc');
  expect(hex(keyOctets('ü', 'latin-1'))).toBe('fc');
  expect(hex(keyOctets('ü', 'utf-16le'))).toBe('fc00');
});

test('letters and digits are the same octets in UTF-8 and Latin-1', () => {
  expect(keyOctets('CrossnatLab1', 'utf-8')).toEqual(keyOctets('CrossnatLab1', 'latin-1'));
});

test('a reading says what a key may be made of, and without one the profile', () => {
  const profile = { keyCharacters: { value: 'any', source: 'a test', confidence: 'D' } } as const;
  expect(keyCharactersOf(profile, { reading: 'none' })).toBe('any');
  expect(keyCharactersOf(profile, { reading: 'a' })).toBe('alphanumeric');
  expect(keyCharactersOf(profile, { reading: 'b' })).toBe('any');
});
