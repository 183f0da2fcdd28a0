import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { decodeAvps, encodeAvps } from './avp.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test('Message Type SCCRQ: M bit, length 8, vendor 0, type 0, value 1', () => {
  // RFC 2661 4.1 and 4.4.1; the same numbers in the MS-L2TPIE 4 example.
  expect(encodeAvps([attribute.messageType.avp(1)])).toEqual(hex('8008 0000 0000 0001'));
});

test.each([
  // Numbers, M bits and value sizes of RFC 2661 4.4.
  [attribute.protocolVersion.avp({ version: 1, revision: 0 }), '8008 0000 0002 0100'],
  [attribute.framingCapabilities.avp(1), '800a 0000 0003 00000001'],
  [attribute.firmwareRevision.avp(0x0500), '0008 0000 0006 0500'],
  [attribute.hostName.avp('lns'), '8009 0000 0007 6c6e73'],
  [attribute.assignedTunnelId.avp(13), '8008 0000 0009 000d'],
  [attribute.receiveWindowSize.avp(8), '8008 0000 000a 0008'],
  [attribute.callSerialNumber.avp(0x01020304), '800a 0000 000f 01020304'],
  [attribute.txConnectSpeed.avp(100_000_000), '800a 0000 0018 05f5e100'],
  [attribute.sequencingRequired.avp(true), '8006 0000 0027'],
  [attribute.resultCode.avp({ result: 1 }), '8008 0000 0001 0001'],
  [attribute.resultCode.avp({ result: 2, error: 8 }), '800a 0000 0001 0002 0008'],
  [attribute.resultCode.avp({ result: 2, error: 8, message: 'x' }), '800b 0000 0001 0002 0008 78'],
])('%#: an attribute is written as RFC 2661 4.4 lays it out', (avp, bytes) => {
  expect(encodeAvps([avp])).toEqual(hex(bytes));
});

test('result codes read with and without error code and message', () => {
  for (const code of [{ result: 3 }, { result: 2, error: 6 }, { result: 2, error: 8, message: 'why' }]) {
    expect(attribute.resultCode.in([attribute.resultCode.avp(code)])).toEqual(code);
  }
  expect(
    attribute.resultCode.wellFormed({ ...attribute.resultCode.avp({ result: 1 }), value: hex('000102') }),
  ).toBe(false);
});

test('a hidden, reserved or vendor AVP is not taken for the attribute', () => {
  const avp = attribute.hostName.avp('lns');
  expect(attribute.hostName.in([{ ...avp, hidden: true }])).toBeUndefined();
  expect(attribute.hostName.in([{ ...avp, reserved: true }])).toBeUndefined();
  expect(attribute.hostName.in([{ ...avp, vendorId: 311 }])).toBeUndefined();
});

test.each([
  ['8008 0000 0000 00', 'bad-length', 0],
  ['8005 0000 0000', 'bad-length', 0],
  ['8008 0000 0000 0001 8006', 'truncated', 8],
])('%s is refused', (bytes, code, offset) => {
  expect(decodeAvps(hex(bytes))).toMatchObject({ ok: false, error: { code, offset } });
});

test('any octets decode without an exception, and what decodes writes back the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const avps = decodeAvps(bytes);
      if (avps.ok && avps.value.every((avp) => !avp.reserved)) expect(encodeAvps(avps.value)).toEqual(bytes);
      if (!avps.ok) expect(avps.error.offset).toBeLessThan(bytes.length);
    }),
    { numRuns: 3000 },
  );
});

test('every attribute reads any value without an exception', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(attribute)),
      fc.uint8Array({ maxLength: 20 }),
      (row, value) => {
        const avp = { mandatory: true, hidden: false, reserved: false, vendorId: 0, type: row.type, value };
        expect(row.wellFormed(avp)).toBe(row.in([avp]) !== undefined);
      },
    ),
    { numRuns: 2000 },
  );
});
