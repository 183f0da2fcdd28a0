import { utf8Text } from '../octets.ts';

/** Of a text that a peer sends, what a fact repeats: enough for any message that a person wrote. */
const longest = 300;

/** Octets as a text for people: UTF-8, cut, without control characters. */
export function printable(octets: Uint8Array): string {
  const text = utf8Text(octets.subarray(0, longest));
  return text.replace(/\p{Cc}/gu, '.');
}
