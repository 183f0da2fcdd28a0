import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withClients } from '../client-places.ts';
import { loadTopology } from '../topologies.ts';
import { outerSegments, sidesOf } from './sides.ts';
import { espPacket, ipFrame, pcapFile, udpFrame } from './testing/forged-capture.ts';
import { dialIn, esp, type HotelStep, keepalive } from './testing/forged-hotel.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { observeWires } from './wires.ts';

const topology = withClients(loadTopology('sales-people'), 2);
const inner = ['192.168.8.0/24', '192.168.2.0/24'];
const responder = '198.18.2.10';
/** Both have it, behind gateways that keep their ports: address and port of both are equal inside, and differ outside by the address alone. */
const own = '192.168.1.10';
const homes = ['hotel', 'home'] as const;
const gateways = ['198.18.1.10', '198.18.1.11'] as const;

/** What the segments saw of these steps, with `extra` frames behind; a step's `on` names the first, of its own client, `hotel`. */
function observed(steps: readonly HotelStep[], extra: Readonly<Record<string, readonly Uint8Array[]>> = {}) {
  const directory = temporaryFolder();
  const segments = [...homes, 'access', 'internet'];
  const files = segments.map((segment) => {
    const seen = steps.filter(({ client, on }) => {
      const isHome = segment === homes[client];
      if (!isHome && segment !== 'access' && segment !== 'internet') return false;
      return on === undefined || on.includes(isHome ? 'hotel' : segment);
    });
    const frames = seen.map(({ client, from, port, data }) => {
      const address = segment === homes[client] ? own : gateways[client];
      const [asClient, asResponder] = [
        { from: address, fromPort: port, to: responder, toPort: port },
        { from: responder, fromPort: port, to: address, toPort: port },
      ];
      return udpFrame({ ...(from === 'client' ? asClient : asResponder), data });
    });
    const file = join(directory, `${segment}.pcap`);
    writeFileSync(file, pcapFile([...frames, ...(extra[segment] ?? [])]));
    return [segment, file] as const;
  });
  const [first, second, ...more] = observeWires(Object.fromEntries(files), topology, 0, inner);
  if (!first || !second || more.length > 0) throw new Error('two clients have two observations');
  return [first, second] as const;
}

test('every segment of a path comes before those that its packets come to', () => {
  expect(outerSegments(topology)).toEqual(['hotel', 'home', 'access', 'internet']);
  expect(sidesOf(topology, 'client-2').path).toEqual(['home', 'access', 'internet']);
  expect(outerSegments(loadTopology('shared-nat'))).toEqual(['hotel', 'access', 'internet']);
});

test('two clients with one private address are each seen as if alone, on a path of their own', () => {
  const wires = observed([...dialIn(0), ...dialIn(1)]);
  for (const [client, wire] of wires.entries()) {
    const [home = '', other = ''] = client === 0 ? homes : homes.toReversed();
    expect(wire).toMatchObject({
      path: [home, 'access', 'internet'],
      damaged: [],
      mainModeMessages: 6,
      quickModeMessages: 3,
      retransmissions: 0,
      portFloat: true,
      unanswered: [],
    });
    for (const segment of wire.path) {
      expect(wire.segments[segment]).toMatchObject({
        ike500: { toResponder: 2, toClient: 2 },
        espInUdp: { toResponder: 2, toClient: 1 },
        keepalives: 1,
        innerAddresses: 0,
      });
    }
    expect(wire.segments[other]).toMatchObject({ ike500: { toResponder: 0, toClient: 0 }, keepalives: 0 });
  }
});

test('what bears no mark is of the client whose gateway it comes from', () => {
  const lost = { on: ['access', 'internet'] };
  const [first, second] = observed([...dialIn(0), keepalive(1, lost), keepalive(1, lost)]);
  expect(first.segments.access?.keepalives).toBe(1);
  expect(second.segments.access?.keepalives).toBe(2);
});

test('ESP whose SPI never came home is of the client whose gateway it went to', () => {
  const strayed = (gateway: string) =>
    ipFrame({ from: responder, to: gateway, protocol: 50, payload: espPacket(0xeeee0001, 1) });
  const [first, second] = observed([...dialIn(0), ...dialIn(1)], {
    access: [strayed(gateways[1])],
    internet: [strayed(gateways[1])],
  });
  expect([first.damaged, second.damaged]).toEqual([[], []]);
  expect(first.segments.internet?.espNative.toClient).toBe(0);
  expect(second.segments.internet?.espNative.toClient).toBe(1);
});

test('ESP that goes to the gateway of another, by its own SPI, is still of its client', () => {
  const [first, second] = observed([...dialIn(0), ...dialIn(1), esp(0, 'responder', { on: ['internet'] })]);
  expect(first.segments.internet?.espInUdp.toClient).toBe(2);
  expect(second.segments.internet?.espInUdp.toClient).toBe(1);
});

test('a segment of any client without a capture is damage', () => {
  const wires = observeWires({}, topology, 0, inner);
  for (const wire of wires) expect(wire.damaged).toContain('home was not captured');
});

test('an address of the office is a leak in every home', () => {
  const ping = ipFrame({ from: '192.168.8.2', to: '192.168.2.10', protocol: 1, payload: new Uint8Array(8) });
  for (const wire of observed([...dialIn(0), ...dialIn(1)], { home: [ping] })) {
    expect(wire.segments.home?.innerAddresses).toBe(1);
    expect(wire.segments.hotel?.innerAddresses).toBe(0);
  }
});
