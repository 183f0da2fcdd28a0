import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transportChecksumHolds } from './checksum.ts';
import { parseIpv4 } from './ipv4.ts';
import { buildUdp, parseUdp } from './udp.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

// What a Linux kernel wrote to a tun device for sendto(2) of "crossnat" from 198.18.0.1:40000 to 198.18.0.2:1701.
const captured = hex('45000024a6ba4000401107e7c6120001c61200029c4006a5001028f863726f73736e6174');

test('a datagram of a real kernel is read, its checksum holds, and ours equals it', () => {
  const ip = parseIpv4(captured);
  if (!ip.ok) throw new Error(ip.error.detail);
  const { payload: segment } = ip.value;
  const udp = parseUdp(segment);
  expect(udp).toMatchObject({ ok: true, value: { sourcePort: 40000, destinationPort: 1701 } });
  if (!udp.ok) return;
  expect(Buffer.from(udp.value.payload).toString()).toBe('crossnat');
  expect(transportChecksumHolds(ip.value, 17, segment, 0, segment.length)).toBe(true);
  expect(buildUdp(udp.value, ip.value)).toEqual(segment);
});

test('without addresses there is no checksum (RFC 768: zero)', () => {
  const bytes = buildUdp({ sourcePort: 1701, destinationPort: 1701, payload: hex('c802') });
  expect(bytes).toEqual(hex('06a5 06a5 000a 0000 c802'));
});

test('a checksum that computes to zero is sent as all ones (RFC 768)', () => {
  // 0a00+0001+0a00+0002+0011+000a+06a5+06a5+000a+x = ffff for x = de8d.
  const addresses = { source: '10.0.0.1', destination: '10.0.0.2' };
  const bytes = buildUdp({ sourcePort: 1701, destinationPort: 1701, payload: hex('de8d') }, addresses);
  expect([...bytes.subarray(6, 8)]).toEqual([0xff, 0xff]);
  expect(transportChecksumHolds(addresses, 17, bytes, 0, bytes.length)).toBe(true);
});

test('octets behind the Length are not payload (RFC 4303 2.7)', () => {
  const parsed = parseUdp(hex('06a5 06a5 000a 0000 c802 ffff'));
  expect(parsed.ok && parsed.value.payload).toEqual(hex('c802'));
});

test.each([
  ['half a header', '06a506a5000a00', 'truncated', 'Udp'],
  ['a Length below the header', '06a506a500070000', 'bad-length', 'Udp.Length'],
  ['a Length beyond the end', '06a506a500090000', 'bad-length', 'Udp.Length'],
])('%s is refused by name', (_, bytes, code, field) => {
  expect(parseUdp(hex(bytes))).toMatchObject({ ok: false, error: { code, field } });
});

test('what is built is read back, and any octets give a datagram or an error', () => {
  const port = fc.nat(0xffff);
  fc.assert(
    fc.property(port, port, fc.uint8Array({ maxLength: 64 }), (sourcePort, destinationPort, payload) => {
      expect(parseUdp(buildUdp({ sourcePort, destinationPort, payload }))).toEqual({
        ok: true,
        value: { sourcePort, destinationPort, checksum: 0, payload },
      });
      const any = parseUdp(payload);
      expect(any.ok || any.error.field.startsWith('Udp')).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
