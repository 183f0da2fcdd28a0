import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { decodeHeader, encodeHeader, type IsakmpHeader } from './header.ts';

// Laid out by hand after RFC 2408 3.1.
const octets = fromHex('1111111111111111222222222222222208102003a1b2c3d40000001c');
const header: IsakmpHeader = {
  initiatorCookie: fromHex('1111111111111111'),
  responderCookie: fromHex('2222222222222222'),
  nextPayload: 8,
  exchangeType: 32,
  flags: { encryption: true, commit: true, authenticationOnly: false },
  messageId: 0xa1b2c3d4,
  length: 28,
};

test('the header lies as in RFC 2408 3.1', () => {
  expect(hex(encodeHeader(header))).toBe(hex(octets));
  expect(decodeHeader(octets)).toEqual({ ok: true, value: header });
});

test('a short, a longer and a foreign datagram are refused with the field', () => {
  expect(decodeHeader(octets.subarray(0, 27))).toMatchObject({ error: { code: 'truncated', offset: 27 } });
  const longer = new Uint8Array(29);
  longer.set(octets);
  expect(decodeHeader(longer)).toMatchObject({ error: { code: 'bad-length', offset: 24 } });
  const version2 = octets.slice();
  version2[17] = 0x20;
  expect(decodeHeader(version2)).toMatchObject({ error: { code: 'unsupported', offset: 17 } });
});
