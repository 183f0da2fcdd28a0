import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { fragmentsOf, isFragment, mayNotBeCut, writeChecksum } from './fragment.ts';
import { viewPacket } from './packet.ts';
import { Reassembly } from './reassembly.ts';

const addresses = { source: '10.0.1.10', destination: '10.0.2.10' };

function packetOf(octets: number, identification = 7): Uint8Array {
  const payload = Uint8Array.from({ length: octets - 20 }, (_, index) => index % 251);
  return buildIpv4(ipv4Packet({ ...addresses, protocol: 17, identification, payload }));
}

/** The same fragment, at another place. */
function moved(fragment: Uint8Array, octets: number): Uint8Array {
  const copy = fragment.slice();
  const view = new DataView(copy.buffer);
  view.setUint16(6, view.getUint16(6) + octets / 8);
  writeChecksum(copy);
  return copy;
}

test('no fragment is larger than the MTU, all but the last carry a multiple of 8 octets, and each has a right checksum', () => {
  const parts = fragmentsOf(packetOf(1500), 577);
  expect(parts.map(({ length }) => length)).toEqual([572, 572, 396]);
  expect(parts.every((part) => viewPacket(part)?.isFragment)).toBe(true);
  expect(parts.every((part) => !mayNotBeCut(part))).toBe(true);
  expect(isFragment(packetOf(1500))).toBe(false);
});

test('in whatever order they come and however often they were cut, the packet is whole again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 21, max: 4000 }),
      fc.integer({ min: 68, max: 1500 }),
      fc.integer({ min: 68, max: 1500 }),
      fc.infiniteStream(fc.nat()),
      (octets, mtu, second, order) => {
        const packet = packetOf(octets);
        const parts = fragmentsOf(packet, mtu).flatMap((part) =>
          part.length > second ? fragmentsOf(part, second) : [part],
        );
        const ranked = parts.map((part) => ({ part, rank: order.next().value }));
        ranked.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
        const reassembly = new Reassembly();
        const results = ranked.map(({ part }) => (isFragment(part) ? reassembly.add(part, 0) : part));
        expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true);
        expect(results.at(-1)).toEqual(packet);
        expect(reassembly.size).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

test('one that comes twice counts once; one that overlaps another throws all of them away', () => {
  const [first, second, third] = fragmentsOf(packetOf(1500), 576) as [Uint8Array, Uint8Array, Uint8Array];
  const patient = new Reassembly();
  expect([first, first, third, second].map((part) => patient.add(part, 0)?.length)).toEqual([
    undefined,
    undefined,
    undefined,
    1500,
  ]);
  const strict = new Reassembly();
  strict.add(first, 0);
  strict.add(moved(second, -8), 0);
  expect(strict.size).toBe(0);
  expect(strict.add(third, 0)).toBeUndefined();
});

test('what is missing a part is forgotten after 30 seconds, and when too many others are begun', () => {
  const [first, second] = fragmentsOf(packetOf(1000), 576) as [Uint8Array, Uint8Array];
  const reassembly = new Reassembly();
  reassembly.add(first, 0);
  expect(reassembly.add(second, 30_000)).toBeUndefined();
  for (let number = 0; number < 1000; number++) {
    reassembly.add(fragmentsOf(packetOf(1000, number), 576)[0] ?? first, 30_000);
  }
  expect(reassembly.size).toBe(64);
});

test('fragments of different packets never meet, nor does one beyond the end of what a packet can be', () => {
  const [first] = fragmentsOf(packetOf(1000, 1), 576) as [Uint8Array, Uint8Array];
  const [, other] = fragmentsOf(packetOf(1000, 2), 576) as [Uint8Array, Uint8Array];
  const reassembly = new Reassembly();
  reassembly.add(first, 0);
  expect(reassembly.add(other, 0)).toBeUndefined();
  expect(reassembly.add(moved(other, 65_000), 0)).toBeUndefined();
});
