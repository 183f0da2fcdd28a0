import { expect, test } from 'vitest';
import { internetChecksum, transportChecksumHolds } from '../../../stack/ip/checksum.ts';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../stack/ip/udp.ts';
import type { NatKind } from '../../nat-kind.ts';
import { loadNatKind } from '../../nat-kinds.ts';
import { fragmentsOf } from './fragment.ts';
import { NatBox } from './nat-box.ts';
import { addressNumber, addressText, protocolUdp, quotedIn, viewPacket } from './packet.ts';
import { VirtualTime } from './virtual-time.ts';

const outside = '198.18.1.10';

function box(kind: Partial<NatKind>): NatBox {
  const address = addressNumber(outside);
  return new NatBox(
    { ...loadNatKind('linux'), ...kind },
    { on: 'access', address },
    [],
    new VirtualTime(),
    () => 40_000,
  );
}

/** IKE begins with the initiator's cookie (RFC 2408 3.1). */
function ike(source: string, destination: string, cookie: number): Uint8Array {
  const pair = { source, destination };
  const message = { sourcePort: 500, destinationPort: 500, payload: new Uint8Array(28).fill(cookie) };
  const payload = buildUdp(message, pair);
  return buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, payload }));
}

/** `192.168.1.10:500 > 198.18.2.10:500` */
function text(packet: Uint8Array | undefined): string | undefined {
  const view = packet && viewPacket(packet);
  if (!view) return undefined;
  const { source, destination, ports } = view;
  return `${addressText(source)}:${ports?.source} > ${addressText(destination)}:${ports?.destination}`;
}

const [anna, bert, office] = ['192.168.1.10', '192.168.1.11', '198.18.2.10'];

test('what leaves by the outside is hidden, what stays inside is not', () => {
  const nat = box({});
  expect(text(nat.leaving(ike(anna, office, 1), 'hotel', 'access'))).toBe(`${outside}:500 > ${office}:500`);
  expect(text(nat.leaving(ike(anna, bert, 1), 'hotel', 'hotel'))).toBe(`${anna}:500 > ${bert}:500`);
});

test('what came in by the outside is not hidden when it leaves there again', () => {
  const stray = '192.168.8.50';
  expect(text(box({}).leaving(ike(office, stray, 1), 'access', 'access'))).toBe(
    `${office}:500 > ${stray}:500`,
  );
});

test('a stranger gets in neither by the outside address nor by an inside one, and each is counted', () => {
  const nat = box({});
  expect(nat.arriving(ike(office, outside, 1), 'access')).toBeUndefined();
  expect(nat.arriving(ike(office, anna, 1), 'access')).toBeUndefined();
  expect(Object.fromEntries(nat.drops)).toEqual({ 'drop-to-box': 1, 'drop-unsolicited': 1 });
});

test('an IKE helper keeps port 500 for both, and gives each the answers to its cookie (RFC 3715 2.3)', () => {
  const nat = box({ ike: 'keeps-port-500' });
  expect(text(nat.leaving(ike(anna, office, 1), 'hotel', 'access'))).toBe(`${outside}:500 > ${office}:500`);
  expect(text(nat.leaving(ike(bert, office, 2), 'hotel', 'access'))).toBe(`${outside}:500 > ${office}:500`);
  expect(text(nat.arriving(ike(office, outside, 2), 'access'))).toBe(`${office}:500 > ${bert}:500`);
  expect(text(nat.arriving(ike(office, outside, 1), 'access'))).toBe(`${office}:500 > ${anna}:500`);
  expect(nat.arriving(ike(office, outside, 3), 'access')).toBeUndefined();
});

test('without a helper the second one loses port 500', () => {
  const nat = box({});
  nat.leaving(ike(anna, office, 1), 'hotel', 'access');
  expect(text(nat.leaving(ike(bert, office, 2), 'hotel', 'access'))).toBe(`${outside}:1024 > ${office}:500`);
});

test('an inside host reaches another by its outside address only where the kind has hairpins (RFC 4787 6)', () => {
  for (const hairpin of [true, false]) {
    const nat = box({ hairpin, mapping: 'endpoint-independent', filtering: 'endpoint-independent' });
    nat.leaving(ike(anna, office, 1), 'hotel', 'access');
    const turned = text(nat.arriving(ike(bert, outside, 2), 'hotel'));
    expect(turned).toBe(hairpin ? `${outside}:1024 > ${anna}:500` : undefined);
  }
});

test('a box that was switched off knows nobody', () => {
  const nat = box({});
  nat.leaving(ike(anna, office, 1), 'hotel', 'access');
  nat.forget();
  expect(nat.arriving(ike(office, outside, 1), 'access')).toBeUndefined();
});

/** The same datagram with a payload of so many octets, in fragments for a wire of 576. */
function cutIke(source: string, destination: string, octets: number): Uint8Array[] {
  const pair = { source, destination };
  const message = { sourcePort: 500, destinationPort: 500, payload: new Uint8Array(octets).fill(1) };
  const payload = buildUdp(message, pair);
  return fragmentsOf(buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, payload })), 576, 9);
}

test('fragments are put together before they are translated: only the first has ports (RFC 4787 REQ-14)', () => {
  const nat = box({});
  const parts = cutIke(anna, office, 1000).map((part) => nat.arriving(part, 'hotel'));
  expect(parts.map((part) => part?.length)).toEqual([undefined, 1028]);
  const left = nat.leaving(parts[1] ?? new Uint8Array(0), 'hotel', 'access');
  expect(text(left)).toBe(`${outside}:500 > ${office}:500`);
  expect(
    left && transportChecksumHolds({ source: outside, destination: office }, protocolUdp, left, 20, 1008),
  ).toBe(true);
  const back = cutIke(office, outside, 1000).map((part) => nat.arriving(part, 'access'));
  expect(back.map(text)).toEqual([undefined, `${office}:500 > ${anna}:500`]);
});

test('a box that drops fragments drops each of them, from either side, and counts them', () => {
  const nat = box({ fragments: 'dropped' });
  expect(text(nat.leaving(ike(anna, office, 1), 'hotel', 'access'))).toBe(`${outside}:500 > ${office}:500`);
  const all = [
    ...cutIke(anna, office, 1000).map((part) => nat.arriving(part, 'hotel')),
    ...cutIke(office, outside, 1000).map((part) => nat.arriving(part, 'access')),
  ];
  expect(all).toEqual([undefined, undefined, undefined, undefined]);
  expect(nat.drops.get('drop-fragment')).toBe(4);
});

/** "Fragmentation needed" of a router on the way, about a packet as it stood there (RFC 792). */
function tooBig(about: Uint8Array): Uint8Array {
  const message = new Uint8Array(8 + 28);
  message.set([3, 4, 0, 0, 0, 0, 5, 120]);
  message.set(about.subarray(0, 28), 8);
  const sum = internetChecksum(message);
  message.set([sum >>> 8, sum & 0xff], 2);
  return buildIpv4(ipv4Packet({ source: '198.18.1.1', destination: outside, protocol: 1, payload: message }));
}

test('an ICMP error goes to whoever sent what it is about, and quotes it as that one sent it (RFC 5508 REQ-4)', () => {
  const nat = box({ ports: 'random' });
  const sent = ike(anna, office, 1);
  const left = nat.leaving(sent, 'hotel', 'access') ?? new Uint8Array(0);
  expect(text(left)).toBe(`${outside}:40000 > ${office}:500`);
  const told = nat.arriving(tooBig(left), 'access') ?? new Uint8Array(0);
  const view = viewPacket(told);
  expect(view && addressText(view.destination)).toBe(anna);
  expect(view && internetChecksum(view.payload)).toBe(0);
  const quoted = view && quotedIn(view);
  expect(text(quoted)).toBe(`${anna}:500 > ${office}:500`);
  // Checksums of the quoted headers are those that its sender wrote.
  expect(quoted?.subarray(0, 28)).toEqual(sent.subarray(0, 28));
  // About what nobody here has sent it goes nowhere.
  expect(nat.arriving(tooBig(ike(outside, '198.18.2.99', 1)), 'access')).toBeUndefined();
});
