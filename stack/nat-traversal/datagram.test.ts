import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinIkePort, splitIkePort } from './datagram.ts';

const keepalive = Uint8Array.of(0xff);

test('on port 4500 IKE, ESP and keepalive are told apart by their first octets (RFC 3948 2)', () => {
  expect(splitIkePort(4500, Uint8Array.of(0, 0, 0, 0, 7, 8))).toEqual({
    ok: true,
    value: { kind: 'ike', message: Uint8Array.of(7, 8) },
  });
  const packet = Uint8Array.of(0, 0, 0, 1, 7, 8);
  expect(splitIkePort(4500, packet)).toEqual({ ok: true, value: { kind: 'esp', packet } });
  expect(splitIkePort(4500, keepalive)).toEqual({ ok: true, value: { kind: 'keepalive' } });
});

test('on port 500 eight zero octets come before ESP and nothing before IKE (draft 00 and 01)', () => {
  const packet = Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 1);
  const marked = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, ...packet);
  expect(splitIkePort(500, marked)).toEqual({ ok: true, value: { kind: 'esp', packet } });
  expect(joinIkePort(500, { kind: 'esp', packet })).toEqual(marked);
  // Seven are the beginning of a cookie.
  const message = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 9, 9);
  expect(splitIkePort(500, message)).toEqual({ ok: true, value: { kind: 'ike', message } });
  expect(splitIkePort(500, keepalive)).toEqual({ ok: true, value: { kind: 'keepalive' } });
});

test('what is none of them is refused', () => {
  for (const bytes of [[], [0xfe], [0xff, 0xff], [0, 0, 0]]) {
    expect(splitIkePort(4500, Uint8Array.from(bytes))).toMatchObject({ error: { code: 'truncated' } });
  }
});

test.each([500, 4500])('joining undoes splitting on port %i, for any octets', (port) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 9 }), (bytes, zeros) => {
      const payload = Uint8Array.from([...new Uint8Array(zeros), ...bytes]);
      const split = splitIkePort(port, payload);
      if (split.ok) expect(joinIkePort(port, split.value)).toEqual(payload);
    }),
    { numRuns: 2000 },
  );
});
