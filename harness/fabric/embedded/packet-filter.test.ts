import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../stack/ip/udp.ts';
import { protocolAh, protocolEsp, protocolTcp, protocolUdp } from './packet.ts';
import { PacketFilter } from './packet-filter.ts';
import { VirtualTime } from './virtual-time.ts';

const [client, office] = ['198.18.1.10', '198.18.3.10'];

/** The AlliedWare How-To's permits for a gateway without NAT. */
function filter(): { readonly passes: PacketFilter; readonly time: VirtualTime } {
  const permits = [
    { protocol: 'udp', port: 500 },
    { protocol: 'udp', port: 4500 },
    { protocol: 'esp' },
  ] as const;
  const time = new VirtualTime();
  return { passes: new PacketFilter({ outside: 'internet', permits: [...permits] }, time), time };
}

function udp(source: string, sourcePort: number, destination: string, destinationPort: number): Uint8Array {
  const pair = { source, destination };
  const payload = buildUdp({ sourcePort, destinationPort, payload: new Uint8Array(4) }, pair);
  return buildIpv4(ipv4Packet({ ...pair, protocol: protocolUdp, payload }));
}

function bare(protocol: number, ports = 0): Uint8Array {
  const payload = new Uint8Array(20);
  payload[3] = ports;
  return buildIpv4(ipv4Packet({ source: client, destination: office, protocol, payload }));
}

test('what a permit names comes in, and nothing else; each drop is counted', () => {
  const { passes } = filter();
  const comesIn = (packet: Uint8Array) => passes.leaving(packet, 'internet') !== undefined;
  expect(comesIn(udp(client, 9, office, 500))).toBe(true);
  expect(comesIn(udp(client, 4500, office, 4500))).toBe(true);
  expect(comesIn(bare(protocolEsp))).toBe(true);
  expect(comesIn(udp(client, 500, office, 1701))).toBe(false);
  expect(comesIn(bare(protocolAh))).toBe(false);
  // TCP port 50 is not protocol 50.
  expect(comesIn(bare(protocolTcp, 50))).toBe(false);
  expect(Object.fromEntries(passes.drops)).toEqual({ 'drop-not-permitted': 3 });
});

test('what the inside began is answered, for as long as anybody waits', () => {
  const { passes, time } = filter();
  const answer = udp(client, 53, office, 7000);
  expect(passes.leaving(answer, 'internet')).toBeUndefined();
  passes.leaving(udp(office, 7000, client, 53), 'dmz');
  expect(passes.leaving(answer, 'internet')).toBe(answer);
  expect(passes.leaving(udp(client, 54, office, 7000), 'internet')).toBeUndefined();
  time.run(() => false, 120_001);
  expect(passes.leaving(answer, 'internet')).toBeUndefined();
});

test('ESP that is not permitted is no answer, whoever sent some before', () => {
  const passes = new PacketFilter({ outside: 'internet', permits: [] }, new VirtualTime());
  expect(passes.leaving(bare(protocolEsp), 'dmz')).toBeDefined();
  expect(passes.leaving(bare(protocolEsp), 'internet')).toBeUndefined();
  expect(Object.fromEntries(passes.drops)).toEqual({ 'drop-esp': 1 });
});
