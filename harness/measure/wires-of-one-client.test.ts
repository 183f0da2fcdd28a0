import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wireObservationSchema } from '../observation.ts';
import { loadTopology } from '../topologies.ts';
import { espPacket, ipFrame, udpFrame } from './testing/forged-capture.ts';
import {
  clearPing,
  type ForgedStep,
  ike,
  wholeConnection,
  writeCaptures,
} from './testing/forged-connection.ts';
import { observeWire } from './testing/one-wire.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const topology = loadTopology('office-nat');
const inner = ['192.168.8.0/24', '192.168.2.0/24'];

function captured(
  steps: readonly ForgedStep[],
  extra?: Record<string, Uint8Array[]>,
): Record<string, string> {
  return writeCaptures(temporaryFolder(), steps, extra);
}

function observed(steps: readonly ForgedStep[], extra?: Record<string, Uint8Array[]>) {
  return observeWire(captured(steps, extra), topology, 0, inner);
}

test('counts a connection by segment and direction', () => {
  const wire = observed(wholeConnection());
  expect(wireObservationSchema.parse(wire)).toEqual(wire);
  expect(wire).toMatchObject({
    capturedPackets: 39,
    damaged: [],
    path: ['access', 'internet', 'interconn'],
    mainModeMessages: 6,
    quickModeMessages: 3,
    informationalMessages: 0,
    retransmissions: 0,
    portFloat: true,
    unanswered: [],
  });
  for (const segment of wire.path) {
    expect(wire.segments[segment]).toMatchObject({
      packets: 13,
      ike500: { toResponder: 2, toClient: 2 },
      ike4500: { toResponder: 3, toClient: 2 },
      espInUdp: { toResponder: 2, toClient: 1 },
      espNative: { toResponder: 0, toClient: 0 },
      keepalives: 1,
      clearL2tp: 0,
      innerAddresses: 0,
    });
  }
});

test('tells a repeated message from a new one, and where it was lost', () => {
  const lost = { on: ['access', 'internet'], first: true };
  const first = ike('client', 'main', 'm1', lost);
  expect(observed([first, first, first])).toMatchObject({
    mainModeMessages: 1,
    retransmissions: 2,
    portFloat: false,
    unanswered: [{ what: 'main mode 1', from: 'client', transmissions: 3, seenOn: ['access', 'internet'] }],
  });
});

test('does not take a repetition of the message before for an answer', () => {
  const early = wholeConnection().slice(0, 4);
  const message3 = ike('client', 'main', 'm3');
  const message4 = ike('responder', 'main', 'm4', { on: ['interconn'] });
  const wire = observed([...early.slice(0, 3), message4, message3, message4, message3, message4]);
  expect(wire.unanswered).toEqual([
    { what: 'main mode 3', from: 'client', transmissions: 3, seenOn: ['access', 'internet', 'interconn'] },
    { what: 'main mode 4', from: 'responder', transmissions: 3, seenOn: ['interconn'] },
  ]);
});

test('takes a notify for an answer', () => {
  const message1 = ike('client', 'main', 'm1', { first: true });
  const refused = observed([message1, message1, ike('responder', 'informational', 'no proposal chosen')]);
  expect(refused).toMatchObject({ unanswered: [], informationalMessages: 1 });
});

test('names a lost message by the segment on which it was sent', () => {
  const steps = wholeConnection().map((step) => ({ ...step }));
  // Message 3 is repeated and only its second transmission arrives; message 5 never does.
  const early = [
    ...steps.slice(0, 2),
    { ...ike('client', 'main', 'm3'), on: ['access'] },
    ...steps.slice(2, 4),
  ];
  const message5 = ike('client', 'main', 'm5', { port: 4500, on: ['access', 'internet'] });
  const wire = observed([...early, message5, message5, message5]);
  expect(wire).toMatchObject({
    mainModeMessages: 5,
    retransmissions: 3,
    unanswered: [
      { what: 'main mode 4', from: 'responder', transmissions: 1 },
      { what: 'main mode 5', from: 'client', transmissions: 3, seenOn: ['access', 'internet'] },
    ],
  });
});

test('sees protocol 50, clear L2TP and inner addresses outside', () => {
  const ends = { from: '198.18.1.10', to: '198.18.2.10' };
  const wire = observed([], {
    access: [
      ipFrame({ ...ends, protocol: 50, payload: espPacket(1, 1) }),
      udpFrame({ ...ends, fromPort: 1701, toPort: 1701, data: Uint8Array.of(0xc8, 2) }),
      clearPing('192.168.8.1', '192.168.2.10'),
    ],
  });
  expect(wire.segments.access).toMatchObject({
    espNative: { toResponder: 1, toClient: 0 },
    clearL2tp: 1,
    innerAddresses: 1,
  });
});

test('lets inner addresses be where they belong', () => {
  const home = temporaryFolder();
  const files = writeCaptures(home, [], { interconn: [clearPing('192.168.2.1', '192.168.2.10')] });
  const office = { ...files, office: files.interconn ?? '' };
  const wire = observeWire(office, topology, 0, inner);
  expect(wire.segments.office?.innerAddresses).toBe(0);
  expect(wire.segments.interconn?.innerAddresses).toBe(1);
  // NAT-9: a segment that numbers like the office has these addresses by right.
  const alike = structuredClone(topology);
  alike.segments.interconn = { subnet: '192.168.2.0/24', public: false };
  expect(observeWire(files, alike, 0, inner).segments.interconn?.innerAddresses).toBe(0);
});

test('knows directions behind a double address', () => {
  // Hotel and office number alike: on its own segment the client has the responder's private address.
  const ends = { from: '198.18.2.10', fromPort: 4500, to: '10.0.0.2', toPort: 4500 };
  const wire = observed([], { access: [udpFrame({ ...ends, data: espPacket(1, 1) })] });
  expect(wire.segments.access?.espInUdp).toEqual({ toResponder: 0, toClient: 1 });
});

test('reports a capture that is cut off, missing or none', () => {
  const files = captured(wholeConnection());
  const { access = '', internet = '', interconn = '' } = files;
  writeFileSync(access, readFileSync(access).subarray(0, -3));
  writeFileSync(internet, 'nothing of the kind is in here');
  expect(observeWire({ access, internet }, topology, 2, inner)).toMatchObject({
    droppedByCapture: 2,
    damaged: [
      'interconn was not captured',
      'capture of access ends inside a packet',
      expect.stringContaining('capture of internet: not a classic pcap file'),
    ],
  });
  expect(observeWire({ access, internet, interconn }, topology, 0, inner).mainModeMessages).toBe(6);
});
