import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint16 } from '../octets.ts';

/** The Fragment payload of vendor fragmentation, number 132 ([MS-IKEE] 2.2.3.1). */
export interface Fragment {
  /** The same in all fragments of one message. */
  readonly id: number;
  /** From 1. */
  readonly number: number;
  readonly last: boolean;
  /** Its part of the message, whose ISAKMP header is in the first part. */
  readonly data: Uint8Array;
}

/** Octets of the payload between its generic header and its data. */
export const fragmentFieldsLength = 4;
const lastFragment = 1;

export function encodeFragment({ id, number, last, data }: Fragment): Uint8Array {
  return concat(uint16(id), Uint8Array.of(number, last ? lastFragment : 0), data);
}

export function decodeFragment(body: Uint8Array, offset: number): Decoded<Fragment> {
  if (body.length <= fragmentFieldsLength) {
    const detail = `${body.length} octets, which leaves none for data`;
    return malformed('truncated', 'Fragment', offset, detail);
  }
  const number = readUint(body, 2, 1);
  if (number === 0) {
    return malformed('bad-value', 'Fragment.Fragment Number', offset + 2, '0, but they count from 1');
  }
  return decoded({
    id: readUint(body, 0, 2),
    number,
    last: (readUint(body, 3, 1) & lastFragment) !== 0,
    data: body.subarray(fragmentFieldsLength),
  });
}
