import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from './frame.ts';
import { isLooped, protocolReject, terminateReason, windowsTerminateData } from './maintenance.ts';
import { decodeOptions, encodeOptions, flagOption, sameOption, uint16Option } from './option.ts';
import { decodePacket, encodePacket } from './packet.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test.each([
  ['ff03 c021 01', 0xc021],
  ['c021 01', 0xc021],
  ['ff03 21 01', 0x0021],
  ['21 01', 0x0021],
  ['0021 01', 0x0021],
  // RFC 1661 2: an unknown number, and no malformed frame.
  ['c020 01', 0xc020],
])('frame %s: with and without address, control and the first octet of the protocol', (bytes, protocol) => {
  expect(decodeFrame(hex(bytes))).toEqual({ ok: true, value: { protocol, information: hex('01') } });
});

test.each(['', 'ff03', 'c0'])('frame %j is refused', (bytes) => {
  expect(decodeFrame(hex(bytes)).ok).toBe(false);
});

test('frames are sent uncompressed', () => {
  expect(encodeFrame(0x0021, hex('45'))).toEqual(hex('ff03 0021 45'));
});

test('a packet is code, identifier, length and data, and padding is ignored', () => {
  // RFC 1661 5.
  expect(encodePacket({ code: 5, identifier: 10, data: hex('aabb') })).toEqual(hex('05 0a 0006 aabb'));
  expect(decodePacket(hex('05 0a 0006 aabb cccc'))).toEqual({
    ok: true,
    value: { code: 5, identifier: 10, data: hex('aabb') },
  });
});

test.each(['01 01 00', '01 01 0003', '01 01 0005'])('packet %s is refused', (bytes) => {
  expect(decodePacket(hex(bytes)).ok).toBe(false);
});

test("XP's options: MRU 1400, magic, PFC, ACFC, callback CBCP", () => {
  // RFC 1661 6.1, 6.4, 6.5, 6.6 and RFC 1570 2.3; the values are those of the field facts.
  const bytes = hex('0104 0578 0506 12345678 0702 0802 0d03 06');
  const options = decodeOptions(bytes);
  expect(options).toEqual({
    ok: true,
    value: [
      uint16Option(1, 1400),
      { type: 5, data: hex('12345678') },
      flagOption(7),
      flagOption(8),
      { type: 13, data: hex('06') },
    ],
  });
  expect(options.ok && encodeOptions(options.value)).toEqual(bytes);
});

test.each(['01', '0101', '0105 0578'])('options %s are refused', (bytes) => {
  expect(decodeOptions(hex(bytes)).ok).toBe(false);
});

test('options are the same by type and data', () => {
  expect(sameOption(uint16Option(1, 1400), uint16Option(1, 1400))).toBe(true);
  expect(sameOption(uint16Option(1, 1400), uint16Option(1, 1401))).toBe(false);
  expect(sameOption(uint16Option(1, 1400), uint16Option(2, 1400))).toBe(false);
});

test('any octets decode without an exception, and what decodes writes back the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const options = decodeOptions(bytes);
      if (options.ok) expect(encodeOptions(options.value)).toEqual(bytes);
      else expect(options.error.offset).toBeLessThanOrEqual(bytes.length);
      const packet = decodePacket(bytes);
      if (packet.ok) expect(bytes.slice(0, 4 + packet.value.data.length)).toEqual(encodePacket(packet.value));
      const frame = decodeFrame(bytes);
      if (frame.ok)
        expect(decodeFrame(encodeFrame(frame.value.protocol, frame.value.information))).toEqual(frame);
    }),
    { numRuns: 3000 },
  );
});

test('a Protocol-Reject is cut to the MRU (RFC 1661 5.7)', () => {
  expect(protocolReject(1, 0x80fd, new Uint8Array(2000), 1400)).toHaveLength(1400);
  expect(protocolReject(3, 0x80fd, hex('0105'), 1400)).toEqual(hex('08 03 0008 80fd 0105'));
});

test('an Echo-Reply with our own magic number is looped, unless we have none', () => {
  expect(isLooped(hex('01020304'), hex('01020304'))).toBe(true);
  expect(isLooped(hex('01020305'), hex('01020304'))).toBe(false);
  expect(isLooped(hex('00000000'), hex('00000000'))).toBe(false);
});

test('reasons of a Terminate-Request: those of Windows by number, texts as they are', () => {
  // The field facts: magic, 00 3c cd 74, then 0x30a = 778 or 0x2dc = 732.
  const proof = hex('744517ff 003ccd74 0000030a');
  expect(terminateReason(proof)).toEqual({
    text: ', Windows reason 778 (the server could not prove who it is)',
    errorNumber: 778,
  });
  expect(windowsTerminateData(hex('744517ff'), 778)).toEqual(proof);
  expect(terminateReason(hex('4fa614b1 003ccd74 000002dc')).errorNumber).toBe(732);
  // A number that no source names stays one.
  expect(terminateReason(hex('4fa614b1 003ccd74 000002f4'))).toEqual({
    text: ', Windows reason 756',
    errorNumber: 756,
  });
  expect(terminateReason(Buffer.from('Authentication failed'))).toEqual({ text: ': Authentication failed' });
  expect(terminateReason(hex('0001'))).toEqual({ text: '' });
  expect(terminateReason(hex(''))).toEqual({ text: '' });
});
