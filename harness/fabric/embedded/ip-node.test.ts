import { expect, test } from 'vitest';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { IpNode } from './ip-node.ts';
import { addressNumber, addressText, type PacketView, viewPacket } from './packet.ts';
import { Segment } from './segment.ts';
import { VirtualTime } from './virtual-time.ts';

/** Two hosts with a router between them: home 10.0.1.0/24, far 10.0.2.0/24. */
function network() {
  const time = new VirtualTime();
  const segments = { home: new Segment('home', time, () => 0), far: new Segment('far', time, () => 0) };
  const join = (node: IpNode, name: 'home' | 'far', text: string) => {
    const address = addressNumber(text);
    segments[name].attach(address, (packet) => node.receive(packet, name));
    node.attach({
      name,
      address,
      prefix: 24,
      transmit: (to, packet) => segments[name].send(address, to, packet),
    });
  };
  const [host, router, server] = [new IpNode('host'), new IpNode('router'), new IpNode('server')];
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
