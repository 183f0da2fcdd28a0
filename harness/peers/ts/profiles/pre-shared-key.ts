import { z } from 'zod';
import type { Cell } from '../../../cell.ts';
import type { KeyCharacters } from '../alliedware/router.ts';
import type { ScriptProfile } from './responder-profile.ts';

/** Which octets an end makes of a pre-shared key that somebody types. Letters and digits are the same in the first two. */
export const preSharedKeyEncodingSchema = z.enum(['utf-8', 'latin-1', 'utf-16le']);
export type PreSharedKeyEncoding = z.output<typeof preSharedKeyEncodingSchema>;

const bufferEncodings = { 'utf-8': 'utf8', 'latin-1': 'latin1', 'utf-16le': 'utf16le' } as const;

/** A pre-shared key as the octets that go into SKEYID. */
export function keyOctets(key: string, encoding: PreSharedKeyEncoding): Uint8Array {
  return Uint8Array.from(Buffer.from(key, bufferEncodings[encoding]));
}

/** What a router lets a key be made of, in the reading of rule WIN-10 that a cell plays: a, letters and digits; b, anything. */
export function keyCharactersOf(
  { keyCharacters }: Pick<ScriptProfile, 'keyCharacters'>,
  { reading }: Pick<Cell, 'reading'>,
): KeyCharacters {
  if (reading === 'none') return keyCharacters.value;
  return reading === 'a' ? 'alphanumeric' : 'any';
}
