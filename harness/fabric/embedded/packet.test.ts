import fc from 'fast-check';
import { expect, test } from 'vitest';
import { internetChecksum, transportChecksumHolds } from '../../../stack/ip/checksum.ts';
import { buildIpv4, ipv4Packet, parseIpv4 } from '../../../stack/ip/ipv4.ts';
import { buildUdp, parseUdp } from '../../../stack/ip/udp.ts';
import { addressNumber, addressText, protocolUdp, readdressed, viewPacket, withHopLess } from './packet.ts';

const pair = { source: '192.168.1.10', destination: '198.18.2.10' };

function udpPacket(payload: Uint8Array, checksum: boolean): Uint8Array {
  const datagram = buildUdp({ sourcePort: 500, destinationPort: 4500, payload }, checksum ? pair : undefined);
  return buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, payload: datagram }));
}

/** As another reader of packets sees it: a wrong IP checksum is an error there. */
function read(packet: Uint8Array) {
  const ip = parseIpv4(packet);
  if (!ip.ok) throw new Error(ip.error.detail);
  const udp = parseUdp(ip.value.payload);
  if (!udp.ok) throw new Error(udp.error.detail);
  const { source, destination, timeToLive, payload } = ip.value;
  const holds = transportChecksumHolds({ source, destination }, protocolUdp, payload, 0, payload.length);
  return { source, destination, timeToLive, udp: udp.value, holds };
}

test('a new end is written with checksums that hold, whatever the packet carries', () => {
  const octets = fc.uint8Array({ maxLength: 40 });
  const address = fc.integer({ min: 1, max: 0xffffffff });
  fc.assert(
    fc.property(octets, address, fc.integer({ min: 1, max: 65535 }), (payload, to, port) => {
      const packet = udpPacket(payload, true);
      const before = packet.slice();
      const seen = read(readdressed(packet, 'source', { address: to, port }));
      expect(seen).toMatchObject({ source: addressText(to), destination: pair.destination, holds: true });
      expect(seen.udp.sourcePort).toBe(port);
      const back = read(readdressed(packet, 'destination', { address: to }));
      expect(back).toMatchObject({ source: pair.source, destination: addressText(to), holds: true });
      expect(back.udp.destinationPort).toBe(4500);
      expect(packet).toEqual(before);
    }),
  );
});

test('a datagram without a checksum gets none', () => {
  const packet = readdressed(udpPacket(new Uint8Array(3), false), 'source', { address: 1, port: 2 });
  expect(read(packet).udp.checksum).toBe(0);
});

test('a hop less leaves a header that holds', () => {
  expect(read(withHopLess(udpPacket(new Uint8Array(1), true)))).toMatchObject({
    timeToLive: 63,
    holds: true,
  });
});

test('the identifier of an echo is its port, and its checksum covers no addresses', () => {
  const echo = Uint8Array.from([8, 0, 0, 0, 0x12, 0x34, 0, 1]);
  const sum = internetChecksum(echo);
  echo.set([sum >>> 8, sum & 0xff], 2);
  const packet = buildIpv4(ipv4Packet({ ...pair, protocol: 1, payload: echo }));
  const moved = readdressed(packet, 'source', { address: addressNumber('198.18.1.10'), port: 0x4321 });
  const view = viewPacket(moved);
  expect(view?.ports).toEqual({ source: 0x4321, destination: 0x4321 });
  expect(internetChecksum(view?.payload ?? new Uint8Array(1))).toBe(0);
});

test('what is no packet has no view', () => {
  expect(viewPacket(new Uint8Array(19))).toBeUndefined();
  expect(viewPacket(udpPacket(new Uint8Array(9), true).subarray(0, 30))).toBeUndefined();
});
