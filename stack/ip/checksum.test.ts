import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addToSum,
  checksumOf,
  foldSum,
  internetChecksum,
  transportChecksumHolds,
  updatedChecksum,
  updatedWord,
} from './checksum.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test('RFC 1071 3, the numerical example: 0001 f203 f4f5 f6f7 sums to ddf2', () => {
  const bytes = hex('0001 f203 f4f5 f6f7');
  expect(foldSum(addToSum(0, bytes, 0, 8))).toBe(0xddf2);
  expect(internetChecksum(bytes)).toBe(~0xddf2 & 0xffff);
});

test('RFC 1071 3: the sum may be made in two groups, and an odd octet is padded with zero', () => {
  const bytes = hex('0001 f203 f4f5 f6f7');
  expect(foldSum(addToSum(addToSum(0, bytes, 0, 4), bytes, 4, 4))).toBe(0xddf2);
  expect(internetChecksum(hex('000102'))).toBe(internetChecksum(hex('00010200')));
});

test('RFC 1624 4, the example: dd2f with 5555 becoming 3285 is 0000, not ffff', () => {
  expect(updatedChecksum(0xdd2f, hex('5555'), hex('3285'))).toBe(0x0000);
  expect(updatedWord(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
});

test('an update equals a full computation, wherever the words stand', () => {
  const words = fc
    .uint8Array({ minLength: 12, maxLength: 12 })
    .filter((bytes) => bytes.some((octet) => octet > 0));
  fc.assert(
    fc.property(words, fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes, replacement) => {
      // Octet 0 keeps a non-zero word in every message, for RFC 1624 3 excepts the all-zero one.
      const message = Uint8Array.from([1, ...bytes.subarray(1)]);
      const changed = Uint8Array.from(message);
      changed.set(replacement, 4);
      const updated = updatedChecksum(internetChecksum(message), message.subarray(4, 8), replacement);
      expect(updated).toBe(internetChecksum(changed));
    }),
    { numRuns: 2000 },
  );
});

test('an update of unequal or odd lengths is refused', () => {
  expect(() => updatedChecksum(0, hex('0102'), hex('01020304'))).toThrow(RangeError);
  expect(() => updatedChecksum(0, hex('01'), hex('02'))).toThrow(RangeError);
});

test('carries of a whole 64 kB segment fold', () => {
  const bytes = new Uint8Array(0xffff).fill(0xff);
  // 32767 words of ffff fold to ffff; the last octet adds ff00 and a carry: ff00.
  expect(checksumOf(addToSum(0, bytes, 0, bytes.length))).toBe(~0xff00 & 0xffff);
});

// Added up by hand: addresses 0a00 0001 0a00 0002, protocol 0011, length 000c,
// header 0035 0035 000c, data 6869 7921.
// Sum 0a00+0001+0a00+0002+0011+000c+0035+0035+000c+6869+7921 = f620, complement 09df.
const addresses = { source: '10.0.0.1', destination: '10.0.0.2' };
const datagram = hex('0035 0035 000c 09df 6869 7921');

test('a UDP checksum added up by hand holds, and one wrong bit does not', () => {
  expect(transportChecksumHolds(addresses, 17, datagram, 0, datagram.length)).toBe(true);
  for (let bit = 0; bit < datagram.length * 8; bit += 1) {
    const damaged = Uint8Array.from(datagram);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(transportChecksumHolds(addresses, 17, damaged, 0, damaged.length)).toBe(false);
  }
});

test('a checksum does not hold between other addresses, which is what a NAT does to transport mode', () => {
  expect(transportChecksumHolds({ ...addresses, source: '198.18.0.1' }, 17, datagram, 0, 12)).toBe(false);
});

test('UDP without checksum holds, other protocols hold, cut segments do not', () => {
  expect(transportChecksumHolds(addresses, 17, hex('0035 0035 000c 0000 6869 7921'), 0, 12)).toBe(true);
  expect(transportChecksumHolds(addresses, 1, hex('0800'), 0, 2)).toBe(true);
  expect(transportChecksumHolds(addresses, 17, datagram, 0, 11)).toBe(false);
  expect(transportChecksumHolds(addresses, 17, datagram, 0, 7)).toBe(false);
  expect(transportChecksumHolds(addresses, 6, datagram, 0, 12)).toBe(false);
});

test('octets behind the UDP length are no part of the datagram (RFC 4303 2.7)', () => {
  const padded = Uint8Array.from([...datagram, 1, 2, 3, 4]);
  expect(transportChecksumHolds(addresses, 17, padded, 0, padded.length)).toBe(true);
});
