import { expect, test } from 'vitest';
import { withClients } from '../client-places.ts';
import { wireObservationSchema } from '../observation.ts';
import { loadTopology } from '../topologies.ts';
import type { Topology } from '../topology.ts';
import { espPacket, ipFrame, udpFrame } from './testing/forged-capture.ts';
import { clearPing } from './testing/forged-connection.ts';
import {
  dialIn,
  esp,
  type HotelStep,
  hotelCaptures,
  hotelNat,
  ike,
  keepalive,
  spis,
} from './testing/forged-hotel.ts';
import { observeWires } from './wires.ts';

const topology = withClients(loadTopology('shared-nat'), 2);
const inner = ['192.168.8.0/24', '192.168.2.0/24'];
const path = ['hotel', 'access', 'internet'];
const beyondNat = ['access', 'internet'];
const both = [...dialIn(0), ...dialIn(1)];

function observed(steps: readonly HotelStep[], extra?: Record<string, Uint8Array[]>) {
  const wires = observeWires(hotelCaptures(steps, extra), topology, 0, inner);
  for (const wire of wires) expect(wireObservationSchema.parse(wire)).toEqual(wire);
  const [first, second, ...more] = wires;
  if (!first || !second || more.length > 0) throw new Error(`${wires.length} observations of two clients`);
  return [first, second] as const;
}

test('two clients behind one address are each seen as if alone', () => {
  const wires = observed(both);
  for (const wire of wires) {
    expect(wire).toMatchObject({
      path,
      capturedPackets: 78,
      damaged: [],
      mainModeMessages: 6,
      quickModeMessages: 3,
      informationalMessages: 0,
      retransmissions: 0,
      portFloat: true,
      unanswered: [],
    });
    for (const segment of path) {
      expect(wire.segments[segment]).toMatchObject({
        packets: 26,
        ike500: { toResponder: 2, toClient: 2 },
        ike4500: { toResponder: 3, toClient: 2 },
        espInUdp: { toResponder: 2, toClient: 1 },
        espNative: { toResponder: 0, toClient: 0 },
        keepalives: 1,
      });
    }
  }
});

test('what stays unanswered is of the client that asked', () => {
  const message1 = ike(1, 'client', 'main', 'm1', { on: ['hotel', 'access'] });
  const [first, second] = observed([...dialIn(0), message1, message1, message1]);
  expect(first).toMatchObject({ mainModeMessages: 6, retransmissions: 0, unanswered: [] });
  expect(second).toMatchObject({
    mainModeMessages: 1,
    quickModeMessages: 0,
    retransmissions: 2,
    portFloat: false,
    unanswered: [{ what: 'main mode 1', from: 'client', transmissions: 3, seenOn: ['hotel', 'access'] }],
  });
});

test('ESP that the responder has not answered is counted from its last on, of each client alone', () => {
  const asked = [esp(0, 'client'), esp(0, 'client'), esp(0, 'client')];
  const [silent] = observed([...both, esp(0, 'responder'), ...asked, esp(1, 'client')]);
  expect(silent.espUnanswered).toBe(3);
  const [answered] = observed([...both, ...asked, esp(0, 'responder')]);
  expect(answered.espUnanswered).toBe(0);
});

test("ESP after the responder's first to a later client is counted once more", () => {
  const answered = [esp(0, 'client'), esp(0, 'responder'), esp(0, 'responder')];
  const [first, second] = observed([...both, ...answered]);
  expect(first.espAfterOthers).toEqual({ toResponder: 1, toClient: 2 });
  expect(second).not.toHaveProperty('espAfterOthers');
  // Only on the responder's own segment, whatever else was captured.
  const files = hotelCaptures([...both, ...answered]);
  const [same] = observeWires({ ...files, office: files.internet ?? '' }, topology, 0, inner);
  expect(same?.espAfterOthers).toEqual({ toResponder: 1, toClient: 2 });
  // Nobody dialled later, or the responder never sent to who did.
  expect(observed(dialIn(0))[0]).not.toHaveProperty('espAfterOthers');
  expect(observed([...dialIn(0), esp(1, 'client'), ...answered])[0]).not.toHaveProperty('espAfterOthers');
});

test("the second SA replaces the first: the first client's ESP arrives, and nothing goes back under its SPI", () => {
  const replaced = [esp(0, 'client'), esp(1, 'responder'), esp(0, 'client'), esp(1, 'responder')];
  const [first, second] = observed([...both, ...replaced]);
  expect(first.espAfterOthers).toEqual({ toResponder: 2, toClient: 0 });
  expect(first.damaged).toEqual([]);
  expect(second.segments.hotel?.espInUdp).toEqual({ toResponder: 2, toClient: 3 });
});

test('what comes after the later client deleted its SAs shows no replacement: the policy is the first one again', () => {
  const replaced = [esp(0, 'client'), esp(1, 'responder')];
  const farewell = ike(1, 'client', 'informational', 'delete', { port: 4500 });
  const back = [esp(0, 'client'), esp(0, 'responder')];
  const [first] = observed([...both, ...replaced, farewell, ...back]);
  expect(first.espAfterOthers).toEqual({ toResponder: 1, toClient: 0 });
  // Its own farewell, and one of the responder's side, end nothing.
  const others = [ike(0, 'client', 'informational', 'own'), ike(1, 'responder', 'informational', 'notify')];
  const [still] = observed([...both, ...replaced, ...others, ...back]);
  expect(still.espAfterOthers).toEqual({ toResponder: 2, toClient: 1 });
});

test("ESP that is delivered to the other client has not arrived, whoever's port it was sent to", () => {
  const misdelivered = esp(1, 'responder', { spi: spis[0].toClient });
  const [first, second] = observed([...both, misdelivered, keepalive(1)]);
  expect(first.segments.internet?.espInUdp.toClient).toBe(2);
  expect(first.segments.hotel?.espInUdp.toClient).toBe(1);
  expect(second.segments.internet?.espInUdp.toClient).toBe(1);
  // At the second client's address it did arrive; the port is still the second's.
  expect(second.segments.hotel?.espInUdp.toClient).toBe(2);
  expect(second.segments.internet?.keepalives).toBe(2);
});

test('ESP that was lost before the hotel is told by the port of the cookie', () => {
  const lost = (client: 0 | 1) => esp(client, 'responder', { spi: 0xdddd0000 + client, on: ['internet'] });
  const steps = [...dialIn(0), ...dialIn(1).slice(0, 9), lost(0), lost(1), lost(1)];
  const [first, second] = observed(steps);
  expect(first.segments.internet?.espInUdp.toClient).toBe(2);
  expect(second.segments.internet?.espInUdp.toClient).toBe(2);
  expect(second.segments.hotel?.espInUdp.toClient).toBe(0);
  expect([...first.damaged, ...second.damaged]).toEqual([]);
});

test('a client is known by the port that it was last seen to send from', () => {
  const rebound = { mapped: 61_002 };
  const [first, second] = observed([
    ...both,
    keepalive(1, { ...rebound, on: beyondNat }),
    esp(1, 'client', rebound),
    keepalive(1, rebound),
  ]);
  expect([first, second].map(({ segments }) => segments.internet?.keepalives)).toEqual([1, 2]);
  expect([first, second].map(({ segments }) => segments.hotel?.keepalives)).toEqual([1, 2]);
});

test('an SPI tells within its direction alone', () => {
  const alike = spis[1].toResponder;
  const [first, second] = observed([...both, esp(0, 'responder', { spi: alike })]);
  expect(first.segments.internet?.espInUdp).toEqual({ toResponder: 2, toClient: 2 });
  expect(second.segments.internet?.espInUdp).toEqual({ toResponder: 2, toClient: 1 });
});

test("ESP of nobody is in no count, and a doubt where a client's silence would be a proof", () => {
  const stray = (spi: number) =>
    ipFrame({ from: '198.18.2.10', to: hotelNat, protocol: 50, payload: espPacket(spi, 1) });
  const strays = { internet: [stray(0xeeee0001), stray(0xeeee0002)] };
  const doubt = ['2 ESP packets from the responder are of no client that can be told'];
  const [first, second] = observed(
    [...dialIn(0), ...dialIn(1).filter(({ from, port }) => from === 'client' || port === 500)],
    strays,
  );
  expect(first.segments.internet?.espNative).toEqual({ toResponder: 0, toClient: 0 });
  expect(second.segments.internet?.espNative).toEqual({ toResponder: 0, toClient: 0 });
  // The first was answered under its own SPI; the second never was, as far as can be told.
  expect([first.damaged, second.damaged]).toEqual([[], doubt]);
  // The first sent more since the second was served, and was not answered; or sent nothing more.
  expect(observed([...both, esp(0, 'client')], strays).map(({ damaged }) => damaged)).toEqual([doubt, []]);
  expect(observed(both, strays).map(({ damaged }) => damaged)).toEqual([[], []]);
  // A client that sent no ESP has no silence to prove.
  expect(observed([...dialIn(0), ...dialIn(1).slice(0, 9)], strays).map(({ damaged }) => damaged)).toEqual([
    [],
    [],
  ]);
});

test("a leak is the cell's: every client's observation has it", () => {
  const leaks = {
    access: [
      udpFrame({
        from: hotelNat,
        fromPort: 1701,
        to: '198.18.2.10',
        toPort: 1701,
        data: Uint8Array.of(0xc8, 2),
      }),
      clearPing('192.168.8.1', '192.168.2.10'),
    ],
  };
  for (const { segments } of observed(both, leaks)) {
    expect(segments.access).toMatchObject({ clearL2tp: 1, innerAddresses: 1 });
    expect(segments.internet).toMatchObject({ clearL2tp: 0, innerAddresses: 0 });
  }
});

test("what the clients send each other is nobody's", () => {
  const among = (data: Uint8Array) =>
    udpFrame({ from: '192.168.1.10', fromPort: 4500, to: '192.168.1.11', toPort: 4500, data });
  const hotel = [
    espPacket(spis[0].toResponder, 1),
    Uint8Array.of(0xff),
    ike(0, 'client', 'main', 'm1', { port: 4500 }).data,
  ];
  for (const { segments, mainModeMessages } of observed([], { hotel: hotel.map(among) })) {
    expect(segments.hotel).toMatchObject({
      packets: 3,
      espInUdp: { toResponder: 0, toClient: 0 },
      keepalives: 0,
    });
    expect(mainModeMessages).toBe(0);
  }
});

test('without a gateway before them clients have their own addresses on every segment', () => {
  const whole = loadTopology('office-nat');
  const { client } = whole.nodes;
  if (!client) throw new Error('office-nat has no client');
  const nodes = { ...whole.nodes, 'client-2': { ...client, interfaces: { access: '198.18.1.11/24' } } };
  const direct: Topology = { ...whole, nodes };
  const files = hotelCaptures([], {
    // An SPI that the first segment never shows.
    internet: [
      ipFrame({ from: '198.18.1.11', to: '198.18.2.10', protocol: 50, payload: espPacket(7, 1) }),
      ipFrame({ from: '198.18.2.10', to: '198.18.1.10', protocol: 50, payload: espPacket(8, 1) }),
    ],
  });
  const wires = observeWires(files, direct, 0, inner);
  expect(wires.map(({ segments }) => segments.internet?.espNative)).toEqual([
    { toResponder: 0, toClient: 1 },
    { toResponder: 1, toClient: 0 },
  ]);
});

test('one client has all that is there, also what cannot be told', () => {
  const alone = withClients(topology, 1);
  const wires = observeWires(hotelCaptures([...both, esp(1, 'responder', { spi: 1 })]), alone, 0, inner);
  expect(wires).toHaveLength(1);
  expect(wires[0]?.segments.internet?.espInUdp).toEqual({ toResponder: 4, toClient: 3 });
});

test('a damaged capture is one for every client', () => {
  const { access, internet } = hotelCaptures(both);
  const wires = observeWires({ access: access ?? '', internet: internet ?? '' }, topology, 3, inner);
  for (const wire of wires) {
    expect(wire).toMatchObject({ droppedByCapture: 3, damaged: ['hotel was not captured'] });
  }
});
