import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../stack/ip/udp.ts';
import type { NatKind } from '../../nat-kind.ts';
import { type Forward, NatTable, type Translated } from './nat-table.ts';
import { addressNumber, addressText, protocolEsp, protocolUdp, viewPacket } from './packet.ts';

const outside = '198.18.1.10';
const [anna, bert] = ['192.168.1.10', '192.168.1.11'];
const [office, other] = ['198.18.2.10', '198.18.2.11'];

/** Full cone of RFC 3489's words, port 500 as any other. */
const fullCone: NatKind = {
  name: 'full-cone',
  summary: '',
  source: '',
  confidence: 'D',
  mapping: 'endpoint-independent',
  filtering: 'endpoint-independent',
  ports: 'preserved',
  hairpin: false,
  udpSeconds: 120,
  refresh: 'outbound',
  esp: 'dropped',
  ike: 'like-any-udp',
  fragments: 'forwarded',
};

function table(kind: Partial<NatKind>, forwards: readonly Forward[] = []): NatTable {
  let next = 40_000;
  return new NatTable({ ...fullCone, ...kind }, addressNumber(outside), forwards, () => next++);
}

function udp(source: string, sourcePort: number, destination: string, destinationPort: number): Uint8Array {
  const pair = { source, destination };
  const payload = buildUdp({ sourcePort, destinationPort, payload: new Uint8Array(4) }, pair);
  return buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, payload }));
}

function esp(source: string, destination: string): Uint8Array {
  return buildIpv4(ipv4Packet({ source, destination, protocol: protocolEsp, payload: new Uint8Array(16) }));
}

/** An echo request (8) or its reply (0), RFC 792. */
function echo(type: 8 | 0, source: string, destination: string, identifier: number): Uint8Array {
  const payload = Uint8Array.of(type, 0, 0, 0, identifier >> 8, identifier & 0xff, 0, 1);
  return buildIpv4(ipv4Packet({ source, destination, protocol: 1, payload }));
}

/** `192.168.1.10:500 > 198.18.2.10:500`, or the rule that dropped it. */
function seen(translated: Translated): string {
  if ('dropped' in translated) return translated.dropped;
  const view = viewPacket(translated.packet);
  if (view === undefined) return 'no packet';
  const end = (address: number, port: number | undefined) =>
    port === undefined ? addressText(address) : `${addressText(address)}:${port}`;
  return `${end(view.source, view.ports?.source)} > ${end(view.destination, view.ports?.destination)}`;
}

test('a preserved port is free for one inside host, and the second gets another (rule PORT-6)', () => {
  const nat = table({});
  expect(seen(nat.outward(udp(anna, 500, office, 500), 0))).toBe(`${outside}:500 > ${office}:500`);
  expect(seen(nat.outward(udp(bert, 500, office, 500), 0))).toBe(`${outside}:1024 > ${office}:500`);
  expect(seen(nat.inward(udp(office, 500, outside, 1024), 1))).toBe(`${office}:500 > ${bert}:500`);
  expect(seen(nat.inward(udp(office, 500, outside, 500), 1))).toBe(`${office}:500 > ${anna}:500`);
});

test.each([
  ['endpoint-independent', [1024, 1024, 1024]],
  ['address-dependent', [1024, 1024, 1025]],
  ['address-and-port-dependent', [1024, 1025, 1026]],
] as const)('mapping that is %s (RFC 4787 4.1)', (mapping, ports) => {
  const nat = table({ mapping, ports: 'sequential' });
  const remotes = [
    [office, 500],
    [office, 4500],
    [other, 500],
  ] as const;
  const used = remotes.map(([address, port]) => {
    const translated = nat.outward(udp(anna, 7000, address, port), 0);
    return 'packet' in translated ? viewPacket(translated.packet)?.ports?.source : translated.dropped;
  });
  expect(used).toEqual(ports);
});

test.each([
  ['endpoint-independent', [true, true, true]],
  ['address-dependent', [true, true, false]],
  ['address-and-port-dependent', [true, false, false]],
] as const)('filtering that is %s (RFC 4787 5)', (filtering, passes) => {
  const nat = table({ filtering });
  nat.outward(udp(anna, 7000, office, 500), 0);
  const answers = [
    udp(office, 500, outside, 7000),
    udp(office, 501, outside, 7000),
    udp(other, 500, outside, 7000),
  ];
  expect(answers.map((answer) => 'packet' in nat.inward(answer, 1))).toEqual(passes);
});

test('an idle mapping ends after its time, and only what the kind names keeps it (RFC 4787 REQ-5, REQ-6)', () => {
  const answer = udp(office, 500, outside, 7000);
  for (const refresh of ['outbound', 'either-way'] as const) {
    const nat = table({ udpSeconds: 30, refresh });
    nat.outward(udp(anna, 7000, office, 500), 0);
    expect(seen(nat.inward(answer, 29_999))).toBe(`${office}:500 > ${anna}:7000`);
    expect(seen(nat.inward(answer, 30_001))).toBe(
      refresh === 'outbound' ? 'drop-to-box' : `${office}:500 > ${anna}:7000`,
    );
  }
});

test('nobody comes in but by a forward, whose answers keep its port', () => {
  const pinhole = { protocol: protocolUdp, port: 500, to: addressNumber(anna) };
  const nat = table({ mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' }, [
    pinhole,
  ]);
  expect(seen(nat.inward(udp(office, 1234, outside, 500), 0))).toBe(`${office}:1234 > ${anna}:500`);
  expect(seen(nat.outward(udp(anna, 500, office, 1234), 0))).toBe(`${outside}:500 > ${office}:1234`);
  expect(seen(nat.inward(udp(office, 1234, outside, 4500), 0))).toBe('drop-to-box');
  expect(seen(nat.outward(udp(bert, 500, office, 500), 0))).toBe(`${outside}:1024 > ${office}:500`);
});

test.each([
  ['dropped', ['drop-esp', 'drop-esp', 'drop-esp']],
  ['out-only', [`${outside} > ${office}`, `${outside} > ${office}`, 'drop-esp']],
  ['by-addresses', [`${outside} > ${office}`, 'drop-esp', `${office} > ${anna}`]],
  ['one-host', [`${outside} > ${office}`, `${outside} > ${office}`, `${office} > ${bert}`]],
] as const)('protocol 50 of two inside hosts: %s', (kind, results) => {
  const nat = table({ esp: kind });
  expect([
    seen(nat.outward(esp(anna, office), 0)),
    seen(nat.outward(esp(bert, office), 0)),
    seen(nat.inward(esp(office, outside), 1)),
  ]).toEqual(results);
});

test('a forward of protocol 50 leads to one host, whatever else the kind does with it', () => {
  const nat = table({ esp: 'dropped' }, [{ protocol: protocolEsp, to: addressNumber(anna) }]);
  expect(seen(nat.inward(esp(office, outside), 0))).toBe(`${office} > ${anna}`);
  expect(seen(nat.outward(esp(anna, office), 0))).toBe(`${outside} > ${office}`);
  expect(seen(nat.outward(esp(bert, office), 0))).toBe('drop-esp');
});

test('a NAT that has forgotten gives a new port, and lets no answer to the old one in', () => {
  const nat = table({ ports: 'sequential' });
  nat.outward(udp(anna, 7000, office, 500), 0);
  nat.forget();
  expect(seen(nat.inward(udp(office, 500, outside, 1024), 1))).toBe('drop-to-box');
  expect(seen(nat.outward(udp(anna, 7000, office, 500), 1))).toBe(`${outside}:1025 > ${office}:500`);
});

test('two inside hosts that ask with one identifier each get their own answer (RFC 5508 3.1)', () => {
  const nat = table({ mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' });
  expect(seen(nat.outward(echo(8, anna, office, 7), 0))).toBe(`${outside}:7 > ${office}:7`);
  expect(seen(nat.outward(echo(8, bert, office, 7), 0))).toBe(`${outside}:1024 > ${office}:1024`);
  expect(seen(nat.inward(echo(0, office, outside, 1024), 1))).toBe(`${office}:7 > ${bert}:7`);
  expect(seen(nat.inward(echo(0, office, outside, 7), 1))).toBe(`${office}:7 > ${anna}:7`);
  expect(seen(nat.inward(echo(0, other, outside, 7), 1))).toBe('drop-to-box');
});
