import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../stack/ip/udp.ts';
import type { NatKind } from '../../nat-kind.ts';
import { loadNatKind } from '../../nat-kinds.ts';
import { NatBox } from './nat-box.ts';
import { addressNumber, addressText, protocolUdp, viewPacket } from './packet.ts';
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
