import { expect, test } from 'vitest';
import type { Fact } from '../../stack/fact.ts';
import { type EndAccount, endAccount, type LoadAccount, objections, wireAccount } from './rekey-account.ts';

const good: EndAccount = {
  rekeys: { phase1: 5, phase2: 5 },
  begunBy: { local: 10, peer: 0 },
  pppStarts: 1,
  ended: [],
  drops: {},
};
const wire = { isakmpSas: 6, espSpis: 12, espPackets: 1000 };
const load: LoadAccount = {
  survived: true,
  seconds: 60,
  upMbps: 1,
  downMbps: 1,
  retransmits: 0,
  longestStall: 3,
};

test('five rekeys of each phase, one PPP and a transfer that came to its end are enough', () => {
  expect(objections({ client: good }, wire, load)).toEqual([]);
});

test.each<[string, Partial<EndAccount>, RegExp]>([
  ['too few of phase 1', { rekeys: { phase1: 4, phase2: 9 } }, /phase1 was replaced 4 times/],
  ['too few of phase 2', { rekeys: { phase1: 9, phase2: 0 } }, /phase2 was replaced 0 times/],
  ['PPP twice', { pppStarts: 2 }, /PPP came up 2 times/],
  ['a layer that ended', { ended: ['l2tp ended (timeout: no answer)'] }, /l2tp ended/],
])('an end with %s speaks against it', (_, changed, why) => {
  expect(objections({ client: good, responder: { ...good, ...changed } }, wire, load)).toEqual([
    expect.stringMatching(why),
  ]);
});

test('so does a transfer that was lost, and a wire that saw fewer SAs than the ends tell of', () => {
  const lost: LoadAccount = { survived: false, why: 'unable to receive' };
  expect(objections({ client: good }, wire, lost)).toEqual([expect.stringMatching(/unable to receive/)]);
  expect(objections({ client: good }, { ...wire, isakmpSas: 5, espSpis: 11 }, load)).toHaveLength(2);
});

test('an end tells who began, what was dropped, and what ended above IPsec', () => {
  const facts: Fact[] = [
    { fact: 'ipcp-opened', localAddress: '192.168.8.1', peerAddress: '192.168.8.254', dns: [] },
    { fact: 'rekeyed', phase: 2, by: 'local' },
    { fact: 'rekeyed', phase: 1, by: 'peer' },
    { fact: 'packet-dropped', reason: 'unknown-spi', detail: '' },
    { fact: 'packet-dropped', reason: 'unknown-spi', detail: '' },
    { fact: 'closed', layer: 'phase2', by: 'local', detail: 'replaced' },
    { fact: 'closed', layer: 'l2tp', by: 'timeout', detail: 'no answer' },
  ];
  expect(endAccount(facts)).toEqual({
    rekeys: { phase1: 1, phase2: 1 },
    begunBy: { local: 1, peer: 1 },
    pppStarts: 1,
    ended: ['l2tp ended (timeout: no answer)'],
    drops: { 'unknown-spi': 2 },
  });
});

test('the wire shows one ISAKMP SA for each cookie that was answered, and one SPI for each direction of a pair', () => {
  const asked = ike({ initiator: 1, responder: 0, exchange: 2 });
  const answered = ike({ initiator: 1, responder: 9, exchange: 2 });
  const unanswered = ike({ initiator: 2, responder: 0, exchange: 2 });
  const quick = ike({ initiator: 3, responder: 9, exchange: 32 });
  const aggressive = ike({ initiator: 4, responder: 9, exchange: 4 });
  const outside = pcap([asked, answered, unanswered, quick, aggressive, esp(0x1234), esp(0x1234), esp(0x77)]);
  const inside = pcap([asked, answered, esp(0x1234)]);
  expect(wireAccount([inside, outside])).toEqual({ isakmpSas: 2, espSpis: 2, espPackets: 3 });
  expect(() => wireAccount([new Uint8Array(3)])).toThrow(/pcap/);
});

/** An ISAKMP header on UDP 500 (RFC 2408 3.1). */
function ike({ initiator, responder, exchange }: { initiator: number; responder: number; exchange: number }) {
  const header = new Uint8Array(28);
  header[7] = initiator;
  header[15] = responder;
  header[18] = exchange;
  // Behind a first octet that is not zero: eight zero octets would be ESP of draft 00.
  header[0] = 1;
  return udp(500, header);
}

/** ESP in UDP on port 4500 (RFC 3948 2.1). */
function esp(spi: number) {
  const packet = new Uint8Array(40);
  new DataView(packet.buffer).setUint32(0, spi);
  return udp(4500, packet);
}

function udp(port: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(14 + 20 + 8 + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint16(12, 0x0800);
  view.setUint8(14, 0x45);
  view.setUint16(16, 28 + payload.length);
  view.setUint8(23, 17);
  view.setUint16(34, port);
  view.setUint16(36, port);
  frame.set(payload, 42);
  return frame;
}

/** As tcpdump writes: little-endian, microseconds, Ethernet. */
function pcap(frames: readonly Uint8Array[]): Uint8Array {
  const records = frames.flatMap((frame) => {
    const header = new Uint8Array(16);
    const view = new DataView(header.buffer);
    view.setUint32(8, frame.length, true);
    view.setUint32(12, frame.length, true);
    return [header, frame];
  });
  const head = new Uint8Array(24);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint32(20, 1, true);
  return new Uint8Array(Buffer.concat([head, ...records]));
}
