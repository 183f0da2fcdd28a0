import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AddressPair, protocolTcp, transportChecksum, transportChecksumHolds } from '../ip/checksum.ts';
import { buildUdp } from '../ip/udp.ts';
import { repairTransportChecksum } from './checksum-repair.ts';

// A client at 10.0.0.5 behind a NAT at 198.18.0.5 sends to a responder at 192.168.1.2 behind a NAT at 198.18.0.2.
const original: AddressPair = { source: '10.0.0.5', destination: '198.18.0.2' };
const seen: AddressPair = { source: '198.18.0.5', destination: '192.168.1.2' };

const datagram = () =>
  buildUdp(
    { sourcePort: 1701, destinationPort: 1701, payload: Uint8Array.from([0xc8, 2, 0, 20, 7]) },
    original,
  );

function tcpSegment(between: AddressPair): Uint8Array {
  const segment = Uint8Array.from({ length: 27 }, (_, at) => at * 11 + 1);
  const checksum = transportChecksum(between, protocolTcp, segment, 0, segment.length);
  segment[16] = checksum >> 8;
  segment[17] = checksum & 0xff;
  return segment;
}

test('a translated datagram fails before the repair by NAT-OA and holds after it', () => {
  const bytes = datagram();
  expect(transportChecksumHolds(seen, 17, bytes, 0, bytes.length)).toBe(false);
  repairTransportChecksum(bytes, 0, bytes.length, 17, seen, original);
  expect(transportChecksumHolds(seen, 17, bytes, 0, bytes.length)).toBe(true);
  expect(bytes).toEqual(
    buildUdp({ sourcePort: 1701, destinationPort: 1701, payload: bytes.subarray(8) }, seen),
  );
});

test('a repaired UDP checksum of zero is written as all ones, for zero means none (RFC 768)', () => {
  // Between these two addresses this payload makes the sum ffff, added up in the tests of UDP.
  const between = { source: '10.0.0.1', destination: '10.0.0.2' };
  const payload = Uint8Array.from([0xde, 0x8d]);
  const bytes = buildUdp({ sourcePort: 1701, destinationPort: 1701, payload }, original);
  repairTransportChecksum(bytes, 0, bytes.length, 17, between, original);
  expect([bytes[6], bytes[7]]).toEqual([0xff, 0xff]);
});

test('a wrong NAT-OA leaves a checksum that does not hold (rule ESP-3)', () => {
  const bytes = datagram();
  repairTransportChecksum(bytes, 0, bytes.length, 17, seen, { ...original, source: '10.0.0.6' });
  expect(transportChecksumHolds(seen, 17, bytes, 0, bytes.length)).toBe(false);
});

test('the repair by NAT-OA hides no damage', () => {
  const bytes = datagram();
  bytes[9] = (bytes[9] ?? 0) ^ 4;
  repairTransportChecksum(bytes, 0, bytes.length, 17, seen, original);
  expect(transportChecksumHolds(seen, 17, bytes, 0, bytes.length)).toBe(false);
});

test('without NAT-OA a UDP checksum becomes zero (RFC 3948 3.1.2)', () => {
  const bytes = datagram();
  repairTransportChecksum(bytes, 0, bytes.length, 17, seen, undefined);
  expect([bytes[6], bytes[7]]).toEqual([0, 0]);
  expect(transportChecksumHolds(seen, 17, bytes, 0, bytes.length)).toBe(true);
});

test('TCP is repaired by NAT-OA, and computed afresh without', () => {
  for (const known of [original, undefined]) {
    const bytes = tcpSegment(original);
    expect(transportChecksumHolds(seen, 6, bytes, 0, bytes.length)).toBe(false);
    repairTransportChecksum(bytes, 0, bytes.length, 6, seen, known);
    expect(bytes).toEqual(tcpSegment(seen));
  }
});

test('a UDP checksum of zero stays zero, other protocols and cut segments stay as they are', () => {
  const none = buildUdp({ sourcePort: 1, destinationPort: 2, payload: Uint8Array.from([3]) });
  const cut = datagram().subarray(0, 7);
  for (const [bytes, protocol] of [
    [none, 17],
    [cut, 17],
    [datagram(), 1],
    [tcpSegment(seen).subarray(0, 19), 6],
  ] as const) {
    const before = Uint8Array.from(bytes);
    repairTransportChecksum(bytes, 0, bytes.length, protocol, seen, original);
    expect(bytes).toEqual(before);
  }
});

test('the repair holds for any addresses, payload and place in the pool', () => {
  const address = fc
    .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((octets) => octets.join('.'));
  const pair = fc.record({ source: address, destination: address });
  fc.assert(
    fc.property(pair, pair, fc.uint8Array({ maxLength: 40 }), fc.nat(9), (from, to, payload, shift) => {
      const bytes = buildUdp({ sourcePort: 1701, destinationPort: 1701, payload }, from);
      const pool = new Uint8Array(shift + bytes.length + 3);
      pool.set(bytes, shift);
      repairTransportChecksum(pool, shift, bytes.length, 17, to, from);
      expect(pool.slice(shift, shift + bytes.length)).toEqual(
        buildUdp({ sourcePort: 1701, destinationPort: 1701, payload }, to),
      );
    }),
    { numRuns: 2000 },
  );
});
