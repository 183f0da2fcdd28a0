import { expect, test } from 'vitest';
import { decodeFragment } from '../isakmp/fragment.ts';
import { decodeHeader } from '../isakmp/header.ts';
import { concat } from '../octets.ts';
import { announcesFragmentation, fragmentationVendorId, fragments, isTooLarge } from './fragmentation.ts';

/** A message of that many octets, encrypted: only its header is looked at. */
function messageOf(length: number): Uint8Array {
  const message = Uint8Array.from({ length }, (_, index) => index);
  message.set([5, 0x10, 2, 1], 16);
  message.set([0, 0, 0, 0, 0, 0, length >> 8, length & 0xff], 20);
  return message;
}

/** IP and UDP headers. */
const headers = 28;

test('each fragment makes an IP packet of 576 octets, but for the last ([MS-IKEE] 3.3.6.1)', () => {
  const sizes = fragments(messageOf(1500), 1, 500, 576).map(({ length }) => headers + length);
  expect(sizes).toEqual([576, 576, 28 + 28 + 8 + (1500 - 2 * 512)]);
  // On port 4500 four octets of it are the non-ESP marker.
  expect(fragments(messageOf(1500), 1, 4500, 576).map(({ length }) => headers + 4 + length)[0]).toBe(576);
});

test('a fragment has the header of the message, without its encryption flag, and one payload', () => {
  const message = messageOf(1500);
  const parts = fragments(message, 7, 500, 576).map((part) => {
    const header = decodeHeader(part);
    const fragment = decodeFragment(part.subarray(32), 32);
    if (!header.ok || !fragment.ok) throw new Error('no fragment');
    expect(header.value).toMatchObject({ nextPayload: 132, exchangeType: 2, messageId: 0 });
    expect(header.value.flags.encryption).toBe(false);
    expect(header.value.initiatorCookie).toEqual(message.subarray(0, 8));
    expect(part[28]).toBe(0);
    return fragment.value;
  });
  expect(parts.map(({ id, number, last }) => [id, number, last])).toEqual([
    [7, 1, false],
    [7, 2, false],
    [7, 3, true],
  ]);
  expect(concat(...parts.map(({ data }) => data))).toEqual(message);
});

test('what is too large is measured as the IP packet that it makes', () => {
  expect(isTooLarge(messageOf(548), 500, 576)).toBe(false);
  expect(isTooLarge(messageOf(549), 500, 576)).toBe(true);
  expect(isTooLarge(messageOf(545), 4500, 576)).toBe(true);
});

test('a message that 255 fragments cannot carry goes whole, and so it does where no octet fits', () => {
  const message = messageOf(300);
  expect(fragments(message, 1, 500, 65)).toEqual([message]);
  expect(fragments(message, 1, 500, 64)).toEqual([message]);
  expect(fragments(message, 1, 500, 66)).toHaveLength(150);
});

test('the vendor id counts alone and with the capability of main mode, and not without that', () => {
  expect(announcesFragmentation([fragmentationVendorId])).toBe(true);
  expect(announcesFragmentation([`${fragmentationVendorId}80000000`])).toBe(true);
  expect(announcesFragmentation([`${fragmentationVendorId.toUpperCase()}C0000000`])).toBe(true);
  expect(announcesFragmentation([`${fragmentationVendorId}40000000`])).toBe(false);
  expect(announcesFragmentation(['4048b7d56ebce88525e7de7f00d6c2d4', ''])).toBe(false);
});
