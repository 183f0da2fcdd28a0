import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../stack/ip/udp.ts';
import { networkSettings } from '../../network-settings.ts';
import { loadTopology } from '../../topologies.ts';
import { type End, readProbe, udpProbe } from '../probe/probe-packets.ts';
import { EmbeddedNetwork } from './embedded-network.ts';

const client = { address: '192.168.1.10', port: 4500 };
const office = { address: '198.18.2.10', port: 4500 };

function networkOf(name: string, nat = 'default'): EmbeddedNetwork {
  const topology = loadTopology(name);
  return new EmbeddedNetwork(topology, networkSettings(topology, nat), 'seed');
}

/** Sends a datagram of the client's; gives the end from which it comes to the office, and after how many milliseconds. */
function atOffice(network: EmbeddedNetwork): { from: End | undefined; after: number | undefined } {
  const { time } = network;
  const sentAt = time.now;
  let from: End | undefined;
  let arrivedAt: number | undefined;
  network.node('responder').onLocal = () => {
    from = readProbe(network.segments.get('internet')?.frames.at(-1)?.packet ?? new Uint8Array())?.from;
    arrivedAt = time.now;
  };
  network.node('client').send(udpProbe(client, office));
  time.run(() => arrivedAt !== undefined, time.now + 1000);
  return { from, after: arrivedAt === undefined ? undefined : arrivedAt - sentAt };
}

/** Whether what the office sends to this end comes to the client. */
function reaches(network: EmbeddedNetwork, end: End | undefined): boolean {
  let arrived = false;
  network.node('client').onLocal = () => {
    arrived = true;
  };
  if (end) network.node('responder').send(udpProbe(office, end));
  network.time.run(() => arrived, network.time.now + 1000);
  return arrived;
}

test('a rebinding gives the client another port, and the old one leads nowhere (rule NAT-14)', () => {
  const network = networkOf('rebinding-nat');
  const { from: before } = atOffice(network);
  expect(before).toEqual({ address: '198.18.1.10', port: 4500 });
  expect(reaches(network, before)).toBe(true);
  network.rebind('hotel-nat', undefined);
  expect(reaches(network, before)).toBe(false);
  const { from: after } = atOffice(network);
  expect(after?.address).toBe('198.18.1.10');
  expect(after?.port).not.toBe(4500);
  expect(reaches(network, after)).toBe(true);
});

test('it may bring another public address, too, and nobody has the old one', () => {
  const network = networkOf('rebinding-nat', 'new-address');
  const { from: before } = atOffice(network);
  network.rebind('hotel-nat', '198.18.1.11');
  const { from: after } = atOffice(network);
  expect(after?.address).toBe('198.18.1.11');
  expect([reaches(network, before), reaches(network, after)]).toEqual([false, true]);
});

test('segments carry packets as their quality says', () => {
  expect(atOffice(networkOf('hotel-nat')).after).toBeCloseTo(0.3);
  // 300 ms and up to 50 more on the internet, 0.1 ms on each of the two others.
  const slow = atOffice(networkOf('hotel-nat', 'slow')).after ?? 0;
  expect(slow).toBeGreaterThan(300);
  expect(slow).toBeLessThan(351);
});

/** Sends a packet of so many octets, which nobody may cut, so many times; gives how often it came whole. */
function large(network: EmbeddedNetwork, times: number): number {
  let arrived = 0;
  network.node('responder').onLocal = () => {
    arrived += 1;
  };
  const pair = { source: client.address, destination: office.address };
  const payload = buildUdp({ sourcePort: 4500, destinationPort: 4500, payload: new Uint8Array(1420) }, pair);
  for (let time = 0; time < times; time++) {
    network
      .node('client')
      .send(buildIpv4(ipv4Packet({ ...pair, protocol: 17, dontFragment: true, payload })));
    network.time.run(() => false, network.time.now + 100);
  }
  return arrived;
}

test('"too big" finds its way through a NAT to whoever has to hear it, and only where it is not filtered', () => {
  expect(large(networkOf('hotel-nat'), 3)).toBe(3);
  // The first is lost, and cut from then on.
  expect(large(networkOf('hotel-nat', 'small-mtu'), 3)).toBe(2);
  expect(large(networkOf('hotel-nat', 'black-hole'), 3)).toBe(0);
  expect(large(networkOf('hotel-nat', 'small-mtu+fragment-dropping'), 3)).toBe(0);
});

test('a kind is that of the box it was chosen for', () => {
  expect(atOffice(networkOf('hotel-nat', 'symmetric')).from?.port).not.toBe(4500);
  expect(atOffice(networkOf('hotel-nat', 'full-cone')).from?.port).toBe(4500);
});

test('only a NAT box can be bound anew', () => {
  expect(() => networkOf('rebinding-nat').rebind('isp', undefined)).toThrow(/isp is no NAT box/);
});
