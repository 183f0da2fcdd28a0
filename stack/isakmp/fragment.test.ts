import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFragment, encodeFragment } from './fragment.ts';

const data = Uint8Array.of(1, 2, 3);

test('the fields stand as [MS-IKEE] 2.2.3.1 draws them', () => {
  expect(encodeFragment({ id: 0x1234, number: 5, last: true, data })).toEqual(
    Uint8Array.of(0x12, 0x34, 5, 1, 1, 2, 3),
  );
  expect(decodeFragment(Uint8Array.of(0x12, 0x34, 5, 0, 1, 2, 3), 32)).toEqual({
    ok: true,
    value: { id: 0x1234, number: 5, last: false, data },
  });
});

test('of the flags only the lowest bit says anything', () => {
  expect(decodeFragment(Uint8Array.of(0, 1, 1, 0xfe, 9), 32)).toMatchObject({ value: { last: false } });
  expect(decodeFragment(Uint8Array.of(0, 1, 1, 0xff, 9), 32)).toMatchObject({ value: { last: true } });
});

test('a fragment without data, and one of number 0, are refused', () => {
  for (const length of [0, 3, 4]) {
    expect(decodeFragment(new Uint8Array(length).fill(1), 32)).toMatchObject({
      error: { code: 'truncated' },
    });
  }
  expect(decodeFragment(Uint8Array.of(0, 1, 0, 0, 9), 32)).toMatchObject({
    error: { code: 'bad-value', offset: 34 },
  });
});

test('any octets give a fragment or an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (body) => {
      const fragment = decodeFragment(body, 32);
      if (!fragment.ok) return;
      const again = encodeFragment(fragment.value);
      // The flags that say nothing are not kept.
      expect(again.with(3, 0)).toEqual(body.with(3, 0));
    }),
    { numRuns: 2000 },
  );
});
