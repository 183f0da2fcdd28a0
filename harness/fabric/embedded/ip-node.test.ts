import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { IpNode } from './ip-node.ts';
import { addressNumber, addressText, type PacketView, viewPacket } from './packet.ts';
import { Segment } from './segment.ts';
import { VirtualTime } from './virtual-time.ts';

/** Two hosts with a router between them: home 10.0.1.0/24, far 10.0.2.0/24, which may carry less. */
function network(farMtu = 1500, hidesTooBig = false) {
  const time = new VirtualTime();
  const segments = { home: new Segment('home', time, () => 0), far: new Segment('far', time, () => 0) };
  segments.far.quality = { ...segments.far.quality, mtu: farMtu };
  const join = (node: IpNode, name: 'home' | 'far', text: string) => {
    const address = addressNumber(text);
    segments[name].attach(address, (packet) => node.receive(packet, name));
    node.attach({
      name,
      address,
      prefix: 24,
      mtu: segments[name].quality.mtu,
      hidesTooBig,
      transmit: (to, packet) => segments[name].send(address, to, packet),
    });
  };
  const [host, router, server] = [
    new IpNode('host', time),
    new IpNode('router', time),
    new IpNode('server', time),
  ];
  join(host, 'home', '10.0.1.10');
  join(router, 'home', '10.0.1.1');
  join(router, 'far', '10.0.2.1');
  join(server, 'far', '10.0.2.10');
  host.addRouteVia(0, 0, addressNumber('10.0.1.1'));
  server.addRouteVia(0, 0, addressNumber('10.0.2.1'));
  const atHost: string[] = [];
  host.onLocal = (view) => atHost.push(text(view));
  return { time, segments, host, router, server, atHost };
}

/** `10.0.2.10 type 0` */
function text({ source, icmpType }: PacketView): string {
  return `${addressText(source)} type ${icmpType}`;
}

function echo(destination: string, timeToLive = 64): Uint8Array {
  const payload = Uint8Array.from([8, 0, 0xf7, 0xfd, 0, 1, 0, 1]);
  return buildIpv4(ipv4Packet({ source: '10.0.1.10', destination, protocol: 1, timeToLive, payload }));
}

test('an echo request crosses a router and is answered', () => {
  const { time, host, atHost, segments } = network();
  host.send(echo('10.0.2.10'));
  time.run(() => false, 10);
  expect(atHost).toEqual(['10.0.2.10 type 0']);
  const [crossed] = segments.far.frames;
  expect(viewPacket(crossed?.packet ?? new Uint8Array(0))).toMatchObject({ timeToLive: 63 });
});

test('a packet that lives too short dies at the router, which says so from where it came in', () => {
  const { time, host, atHost } = network();
  host.send(echo('10.0.2.10', 1));
  time.run(() => false, 10);
  expect(atHost).toEqual(['10.0.1.1 type 11']);
});

test('the most specific route wins, and one that is removed leads nowhere', () => {
  const { time, host, router, atHost } = network();
  router.addRoute(addressNumber('10.0.2.10'), 32, undefined, 'home');
  host.send(echo('10.0.2.10'));
  time.run(() => false, 10);
  expect(atHost).toEqual([]);
  router.removeRoute(addressNumber('10.0.2.10'), 32);
  host.send(echo('10.0.2.10'));
  time.run(() => false, 20);
  expect(atHost).toEqual(['10.0.2.10 type 0']);
});

test('what a passage refuses goes no further', () => {
  const { time, host, router, atHost, segments } = network();
  router.passage = {
    arriving: (packet) => packet,
    leaving: (packet, _, on) => (on === 'far' ? undefined : packet),
  };
  host.send(echo('10.0.2.10'));
  time.run(() => false, 10);
  expect([atHost, segments.far.frames]).toEqual([[], []]);
});

test('a neighbour that is not there answers nothing', () => {
  const { time, host, atHost } = network();
  host.send(echo('10.0.1.99'));
  time.run(() => false, 10);
  expect(atHost).toEqual([]);
});

/** A packet of so many octets from host to server, each octet of its payload another than its neighbours. */
function sized(octets: number, dontFragment: boolean): Uint8Array {
  const payload = Uint8Array.from({ length: octets - 20 }, (_, index) => index % 251);
  const addresses = { source: '10.0.1.10', destination: '10.0.2.10' };
  return buildIpv4(ipv4Packet({ ...addresses, protocol: 17, dontFragment, payload }));
}

test('a router cuts what is too large where the sender lets it, and the receiver has it whole again (RFC 791 2.3)', () => {
  const { time, host, server, segments } = network(1000);
  const received: PacketView[] = [];
  server.onLocal = (view) => received.push(view);
  const packet = sized(1500, false);
  host.send(packet);
  time.run(() => false, 10);
  expect(segments.home.frames).toHaveLength(1);
  expect(segments.far.frames.map((frame) => frame.packet.length)).toEqual([996, 524]);
  expect(received.map(({ payload }) => payload)).toEqual([packet.subarray(20)]);
});

test('where the sender forbids it he is told the MTU, and cuts such packets himself from then on (RFC 1191)', () => {
  const { time, host, server, segments, atHost } = network(1000);
  let received = 0;
  server.onLocal = () => {
    received += 1;
  };
  host.send(sized(1500, true));
  time.run(() => false, 10);
  expect([received, atHost]).toEqual([0, ['10.0.1.1 type 3']]);
  const told = segments.home.frames.at(-1)?.packet ?? new Uint8Array(0);
  // Code 4, and the MTU in the last two octets of the second word (RFC 1191 4).
  expect([told[21], (told[26] ?? 0) * 256 + (told[27] ?? 0)]).toEqual([4, 1000]);
  host.send(sized(1500, true));
  time.run(() => false, 20);
  expect(received).toBe(1);
  expect(segments.home.frames.slice(-2).map((frame) => frame.packet.length)).toEqual([996, 524]);
  // A smaller one still goes as it is.
  host.send(sized(1000, true));
  time.run(() => false, 30);
  expect(received).toBe(2);
});

test('where "too big" is filtered nobody learns anything, and large packets are lost for good (RFC 2923 2.1)', () => {
  const { time, host, server, atHost } = network(1000, true);
  let received = 0;
  server.onLocal = () => {
    received += 1;
  };
  for (let number = 0; number < 3; number++) host.send(sized(1500, true));
  time.run(() => false, 10);
  expect([received, atHost]).toEqual([0, []]);
  host.send(sized(1500, false));
  time.run(() => false, 20);
  expect(received).toBe(1);
});

test('a host cuts what is larger than its own wire carries', () => {
  const { time, host, server, segments } = network();
  let received = 0;
  server.onLocal = () => {
    received += 1;
  };
  host.send(sized(2000, true));
  host.send(sized(2000, true));
  time.run(() => false, 10);
  expect(received).toBe(2);
  const identifications = segments.home.frames.map(({ packet }) => (packet[4] ?? 0) * 256 + (packet[5] ?? 0));
  expect(identifications).toEqual([1, 1, 2, 2]);
});

test('"too big" about packets of somebody else changes nothing', () => {
  const { time, host, server } = network(1000);
  const other = sized(1500, true);
  other.set([10, 0, 1, 99], 12);
  const message = new Uint8Array(8 + 28);
  message.set([3, 4, 0, 0, 0, 0, 3, 232]);
  message.set(other.subarray(0, 28), 8);
  const addresses = { source: '10.0.1.1', destination: '10.0.1.10' };
  host.receive(buildIpv4(ipv4Packet({ ...addresses, protocol: 1, payload: message })), 'home');
  let received = 0;
  server.onLocal = () => {
    received += 1;
  };
  host.send(sized(1500, true));
  time.run(() => false, 10);
  expect(received).toBe(0);
});
