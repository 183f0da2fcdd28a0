import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { decodeDelete, encodeDelete } from './delete.ts';
import { decodeIdentification, encodeIdentification } from './identification.ts';
import { decodeNatOriginalAddress, encodeNatOriginalAddress } from './nat-original-address.ts';
import { decodeNotification, encodeNotification } from './notification.ts';
import { notifyName } from './notify-type.ts';

// All laid out by hand after the RFC section in the test's name.
test('Notification (RFC 2408 3.14)', () => {
  const octets = '00000001' + '0304000e' + '01020304' + 'ff';
  const notification = decodeNotification(fromHex(octets), 0);
  if (!notification.ok) throw new Error(notification.error.detail);
  expect(notification.value).toMatchObject({
    doi: 1,
    protocolId: 3,
    spi: fromHex('01020304'),
    data: fromHex('ff'),
  });
  expect(notifyName(notification.value.notifyType)).toBe('NO-PROPOSAL-CHOSEN');
  expect(notifyName(40000)).toBe('notify 40000');
  expect(hex(encodeNotification(notification.value))).toBe(octets);
  expect(decodeNotification(fromHex('000000010306000e01020304ff'), 0)).toMatchObject({ ok: false });
});

test('Delete (RFC 2408 3.15)', () => {
  const octets = '00000001' + '03040002' + '01020304' + '05060708';
  const payload = decodeDelete(fromHex(octets), 0);
  if (!payload.ok) throw new Error(payload.error.detail);
  expect(payload.value.spis.map(hex)).toEqual(['01020304', '05060708']);
  expect(hex(encodeDelete(payload.value))).toBe(octets);
  expect(decodeDelete(fromHex('000000010304000301020304'), 0)).toMatchObject({
    error: { code: 'bad-length' },
  });
  expect(decodeDelete(fromHex('000000010300ffff'), 0)).toMatchObject({ error: { code: 'bad-value' } });
});

test('Identification (RFC 2407 4.6.2)', () => {
  const octets = '01' + '11' + '06a5' + '0a000001';
  const id = decodeIdentification(fromHex(octets), 0);
  if (!id.ok) throw new Error(id.error.detail);
  expect(id.value).toEqual({ idType: 1, protocolId: 17, port: 1701, data: Uint8Array.of(10, 0, 0, 1) });
  expect(hex(encodeIdentification(id.value))).toBe(octets);
});

test('NAT-OA (RFC 3947 5.2)', () => {
  const octets = '01000000' + 'c0a80001';
  const address = decodeNatOriginalAddress(fromHex(octets), 0);
  if (!address.ok) throw new Error(address.error.detail);
  expect(address.value).toEqual({ idType: 1, address: Uint8Array.of(192, 168, 0, 1) });
  expect(hex(encodeNatOriginalAddress(address.value))).toBe(octets);
  expect(decodeNatOriginalAddress(fromHex('0100'), 0)).toMatchObject({ error: { code: 'truncated' } });
});
