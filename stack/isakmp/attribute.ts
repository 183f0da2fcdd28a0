import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint16 } from '../octets.ts';

/** A data attribute (RFC 2408 3.3): the short form TV holds two octets of value, TLV any number. */
export type Attribute =
  | { readonly form: 'TV'; readonly type: number; readonly value: number }
  | { readonly form: 'TLV'; readonly type: number; readonly value: Uint8Array };

const formatTv = 0x8000;

export function encodeAttributes(attributes: readonly Attribute[]): Uint8Array {
  return concat(
    ...attributes.map((attribute) =>
      attribute.form === 'TV'
        ? concat(uint16(formatTv | attribute.type), uint16(attribute.value))
        : concat(uint16(attribute.type), uint16(attribute.value.length), attribute.value),
    ),
  );
}

/** Reads attributes until the buffer ends. `offset` is where it lies in the message, for errors. */
export function decodeAttributes(
  bytes: Uint8Array,
  offset: number,
  field: string,
): Decoded<readonly Attribute[]> {
  const attributes: Attribute[] = [];
  let at = 0;
  while (at < bytes.length) {
    const path = `${field}.Attribute[${attributes.length}]`;
    if (at + 4 > bytes.length) {
      return malformed('truncated', path, offset + at, `${bytes.length - at} of at least 4 octets`);
    }
    const type = readUint(bytes, at, 2);
    const lengthOrValue = readUint(bytes, at + 2, 2);
    at += 4;
    if ((type & formatTv) !== 0) {
      attributes.push({ form: 'TV', type: type & ~formatTv, value: lengthOrValue });
      continue;
    }
    if (at + lengthOrValue > bytes.length) {
      const detail = `${lengthOrValue} octets where ${bytes.length - at} are left`;
      return malformed('bad-length', `${path}.Length`, offset + at - 2, detail);
    }
    attributes.push({ form: 'TLV', type, value: bytes.subarray(at, at + lengthOrValue) });
    at += lengthOrValue;
  }
  return decoded(attributes);
}

/**
 * The number an attribute holds, whichever form carries it: RFC 2407 4.5 lets a lifetime that fits
 * two octets come in either. A value wider than six octets gives `Infinity`.
 */
export function attributeNumber(attribute: Attribute): number {
  if (attribute.form === 'TV') return attribute.value;
  const { value } = attribute;
  const significant = value.findIndex((octet) => octet !== 0);
  if (significant < 0) return 0;
  const width = value.length - significant;
  return width > 6 ? Number.POSITIVE_INFINITY : readUint(value, significant, width);
}
