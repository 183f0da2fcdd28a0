import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { attributeNumber, decodeAttributes, encodeAttributes } from './attribute.ts';

test('both forms lie as in RFC 2408 3.3', () => {
  const attributes = [
    { form: 'TV', type: 11, value: 1 },
    { form: 'TLV', type: 12, value: fromHex('00007080') },
  ] as const;
  expect(hex(encodeAttributes(attributes))).toBe('800b0001' + '000c0004' + '00007080');
  expect(decodeAttributes(fromHex('800b0001000c000400007080'), 0, 'T')).toEqual({
    ok: true,
    value: attributes,
  });
});

test('a lifetime is the same number in either form', () => {
  expect(attributeNumber({ form: 'TV', type: 12, value: 28800 })).toBe(28800);
  expect(attributeNumber({ form: 'TLV', type: 12, value: fromHex('00007080') })).toBe(28800);
  expect(attributeNumber({ form: 'TLV', type: 12, value: fromHex('0000000000000000007080') })).toBe(28800);
  expect(attributeNumber({ form: 'TLV', type: 12, value: fromHex('ffffffffffffff') })).toBe(
    Number.POSITIVE_INFINITY,
  );
  expect(attributeNumber({ form: 'TLV', type: 12, value: new Uint8Array() })).toBe(0);
});

test('a value that runs over the end is refused where its length stands', () => {
  expect(decodeAttributes(fromHex('000c00050000'), 100, 'T')).toMatchObject({
    error: { code: 'bad-length', field: 'T.Attribute[0].Length', offset: 102 },
  });
  expect(decodeAttributes(fromHex('800b00'), 100, 'T')).toMatchObject({
    error: { code: 'truncated', offset: 100 },
  });
});
