import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinPort4500, splitPort4500 } from './datagram.ts';

test('IKE, ESP and keepalive are told apart by their first octets (RFC 3948 2)', () => {
  expect(splitPort4500(Uint8Array.of(0, 0, 0, 0, 7, 8))).toEqual({
    ok: true,
    value: { kind: 'ike', message: Uint8Array.of(7, 8) },
  });
  const packet = Uint8Array.of(0, 0, 0, 1, 7, 8);
  expect(splitPort4500(packet)).toEqual({ ok: true, value: { kind: 'esp', packet } });
  expect(splitPort4500(Uint8Array.of(0xff))).toEqual({ ok: true, value: { kind: 'keepalive' } });
});

test('what is none of them is refused', () => {
  for (const bytes of [[], [0xfe], [0xff, 0xff], [0, 0, 0]]) {
    expect(splitPort4500(Uint8Array.from(bytes))).toMatchObject({ error: { code: 'truncated' } });
  }
});

test('joining undoes splitting, for any octets', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, marked) => {
      const payload = marked ? Uint8Array.from([0, 0, 0, 0, ...bytes]) : bytes;
      const split = splitPort4500(payload);
      if (split.ok) expect(joinPort4500(split.value)).toEqual(payload);
    }),
    { numRuns: 2000 },
  );
});
