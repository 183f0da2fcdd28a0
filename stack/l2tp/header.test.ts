import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePacket, encodeControlPacket, encodeDataPacket, hasFurtherBits } from './header.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test('a ZLB is twelve octets with T, L, S and version 2', () => {
  // RFC 2661 3.1 bit layout, written out by hand.
  const bytes = encodeControlPacket({ tunnelId: 13, sessionId: 0, ns: 2, nr: 3, body: new Uint8Array() });
  expect(bytes).toEqual(hex('c802 000c 000d 0000 0002 0003'));
  expect(decodePacket(bytes)).toMatchObject({
    ok: true,
    value: { type: 'control', tunnelId: 13, sessionId: 0, ns: 2, nr: 3, body: new Uint8Array() },
  });
});

test('data with offset, priority and sequence numbers', () => {
  // 0x4b02: L, S, O, P; Offset Size 3 and three octets of padding, then FF 03.
  const packet = decodePacket(hex('4b02 0013 0001 0002 0005 0009 0003 aaaaaa ff03'));
  expect(packet).toEqual({
    ok: true,
    value: { type: 'data', tunnelId: 1, sessionId: 2, ns: 5, priority: true, body: hex('ff03') },
  });
});

test('data without any optional field', () => {
  expect(decodePacket(hex('0002 0001 0002 ff03'))).toMatchObject({
    ok: true,
    value: { type: 'data', tunnelId: 1, sessionId: 2, body: hex('ff03') },
  });
});

test('reserved bits are ignored and octets after Length too', () => {
  expect(decodePacket(hex('f8f2 000c 0001 0000 0000 0000 ffff'))).toMatchObject({
    ok: true,
    value: { body: new Uint8Array() },
  });
});

test.each([
  ['c802 000c 0001 0000 0000', 'truncated', 'Header'],
  ['c802 000d 0001 0000 0000 0000', 'bad-length', 'Length'],
  ['c802 000b 0001 0000 0000 0000', 'bad-length', 'Length'],
  ['c803 000c 0001 0000 0000 0000', 'unsupported', 'Ver'],
  // Layer 2 Forwarding has version 1 (RFC 2661 3.1, 8.1).
  ['c801 000c 0001 0000 0000 0000', 'unsupported', 'Ver'],
  ['c002 0008 0001 0000', 'bad-value', 'Flags'],
  ['c902 000c 0001 0000 0000 0000', 'bad-value', 'Flags'],
  ['8802 0001 0000 0000 0000', 'bad-value', 'Flags'],
  ['ca02 000e 0001 0000 0000 0000 0000', 'bad-value', 'Flags'],
  ['4202 000a 0001 0002 0001', 'bad-length', 'Offset Size'],
  ['c8', 'truncated', 'Flags'],
])('%s is refused', (bytes, code, field) => {
  expect(decodePacket(hex(bytes))).toMatchObject({ ok: false, error: { code, field } });
});

test.each([
  // RFC 2661 3.1, written out by hand for tunnel 1, session 2, Ns 5, Offset Size 3 and the frame FF 03.
  [{}, '4002 000a 0001 0002 ff03'],
  [{ withoutLength: true }, '0002 0001 0002 ff03'],
  [{ ns: 5 }, '4802 000e 0001 0002 0005 0000 ff03'],
  [{ ns: 5, withoutLength: true }, '0802 0001 0002 0005 0000 ff03'],
  [{ offsetSize: 3 }, '4202 000f 0001 0002 0003 000000 ff03'],
  [{ offsetSize: 0 }, '4202 000c 0001 0002 0000 ff03'],
  [{ priority: true }, '4102 000a 0001 0002 ff03'],
  [
    { ns: 5, offsetSize: 3, priority: true, withoutLength: true },
    '0b02 0001 0002 0005 0000 0003 000000 ff03',
  ],
] as const)('every form of data message is written as RFC 2661 3.1 lays it out: %j', (form, bytes) => {
  const data = { tunnelId: 1, sessionId: 2, priority: false, body: hex('ff03'), ...form };
  expect(encodeDataPacket(data)).toEqual(hex(bytes));
  expect(decodePacket(hex(bytes))).toMatchObject({ ok: true, value: { type: 'data', body: hex('ff03') } });
});

test.each([
  ['c802', false],
  ['4002', false],
  ['0002', false],
  ['4102', true],
  ['4202', true],
  ['6002', true],
  ['4012', true],
])('%s has bits beside T, L, S and Ver: %s', (flags, further) => {
  expect(hasFurtherBits(hex(flags))).toBe(further);
});

test('what is written reads back', () => {
  const id = fc.integer({ min: 0, max: 0xffff });
  const body = fc.uint8Array({ maxLength: 64 });
  fc.assert(
    fc.property(id, id, id, id, body, (tunnelId, sessionId, ns, nr, octets) => {
      const control = { tunnelId, sessionId, ns, nr, body: octets };
      expect(decodePacket(encodeControlPacket(control))).toEqual({
        ok: true,
        value: { type: 'control', ...control },
      });
      const data = { tunnelId, sessionId, ns, priority: true, body: octets };
      expect(decodePacket(encodeDataPacket(data))).toEqual({ ok: true, value: { type: 'data', ...data } });
    }),
    { numRuns: 500 },
  );
});

test('any octets decode to a packet or an error within them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const packet = decodePacket(bytes);
      if (packet.ok) expect(packet.value.body.length).toBeLessThan(bytes.length);
      else expect(packet.error.offset).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 3000 },
  );
});
