import { expect, test } from 'vitest';
import type { L2tpConfig } from './config.ts';
import { DataChannel } from './data-channel.ts';
import { type DataPacket, decodePacket } from './header.ts';
import { lacConfig, lnsConfig } from './testing/tunnel-pair.ts';

const peer = { tunnelId: 7, sessionId: 8 };
const reordering = { maximumFrames: 4, maximumMs: 100 };

function channelOf(config: L2tpConfig, required = false): DataChannel {
  return new DataChannel(config, peer, required);
}

/** A data message whose frame is its own number, and `undefined` for one without a number. */
function numbered(ns: number | undefined, octet = ns ?? 0): DataPacket {
  const packet = {
    type: 'data',
    tunnelId: 1,
    sessionId: 2,
    priority: false,
    body: Uint8Array.of(octet),
  } as const;
  return ns === undefined ? packet : { ...packet, ns };
}

function sentNs(channel: DataChannel): number | undefined {
  const packet = decodePacket(channel.wrap(Uint8Array.of(1)));
  if (!packet.ok || packet.value.type !== 'data') throw new Error('no data message');
  expect(packet.value).toMatchObject(peer);
  return packet.value.ns;
}

const octets = (frames: readonly Uint8Array[]) => frames.map(([octet]) => octet);
const arrive = (channel: DataChannel, ns: number, now = 0) =>
  octets(channel.receive(numbered(ns), now).frames);

test('a LAC begins and stops to number as its LNS does, and goes on where it stopped (RFC 2661 5.4)', () => {
  const lac = channelOf(lacConfig);
  expect(sentNs(lac)).toBeUndefined();
  lac.receive(numbered(0), 0);
  expect([sentNs(lac), sentNs(lac)]).toEqual([0, 1]);
  lac.receive(numbered(undefined), 0);
  expect(sentNs(lac)).toBeUndefined();
  lac.receive(numbered(1), 0);
  expect(sentNs(lac)).toBe(2);
});

test('an LNS enables and disables numbers, and picks up where it left off (RFC 2661 5.4)', () => {
  const lns = channelOf({ ...lnsConfig, sequencesData: true });
  expect([sentNs(lns), sentNs(lns)]).toEqual([0, 1]);
  lns.sequence(false);
  expect(sentNs(lns)).toBeUndefined();
  lns.sequence(true);
  expect(sentNs(lns)).toBe(2);
  // What its LAC sends decides nothing at an LNS.
  lns.receive(numbered(undefined), 0);
  expect(sentNs(lns)).toBe(3);
});

test('where Sequencing Required was said numbers are always there, and data without is dropped', () => {
  for (const config of [lacConfig, lnsConfig]) {
    const channel = channelOf(config, true);
    expect(sentNs(channel)).toBe(0);
    channel.sequence(false);
    expect(sentNs(channel)).toBe(1);
    expect(channel.receive(numbered(undefined), 0)).toMatchObject({
      frames: [],
      dropped: { reason: 'unexpected' },
    });
    expect(sentNs(channel)).toBe(2);
  }
});

test('numbers wrap from 65535 to 0, as sent and as received', () => {
  const channel = channelOf(lnsConfig, true);
  let received = 0;
  for (let ns = 0; ns <= 0xffff; ns++) {
    channel.wrap(new Uint8Array());
    received += channel.receive(numbered(ns, 1), 0).frames.length;
  }
  expect(received).toBe(0x1_0000);
  expect(sentNs(channel)).toBe(0);
  expect(channel.receive(numbered(0), 0).frames).toHaveLength(1);
  expect(channel.receive(numbered(0xffff), 0).dropped?.reason).toBe('replayed');
});

test('without a queue a lost message is passed over, and what comes late or twice is dropped', () => {
  const channel = channelOf(lnsConfig);
  expect(arrive(channel, 0)).toEqual([0]);
  expect(arrive(channel, 3)).toEqual([3]);
  for (const late of [1, 2, 3]) {
    expect(channel.receive(numbered(late), 0)).toEqual({
      frames: [],
      dropped: { reason: 'replayed', detail: `data with Ns ${late}, after 4 was expected` },
    });
  }
  expect(arrive(channel, 4)).toEqual([4]);
});

test('with a queue early messages wait, and come out in order', () => {
  const channel = channelOf({ ...lnsConfig, reordering });
  expect([2, 1, 3].flatMap((ns) => arrive(channel, ns))).toEqual([]);
  expect(channel.receive(numbered(2), 0).dropped?.reason).toBe('replayed');
  expect(channel.deadline).toBe(100);
  expect(arrive(channel, 0)).toEqual([0, 1, 2, 3]);
  expect(channel.deadline).toBeUndefined();
});

test('what is lost is waited for so long and no longer', () => {
  const channel = channelOf({ ...lnsConfig, reordering });
  arrive(channel, 1, 50);
  arrive(channel, 3, 60);
  expect(octets(channel.tick(149))).toEqual([]);
  expect(octets(channel.tick(150))).toEqual([1]);
  expect(octets(channel.tick(160))).toEqual([3]);
  expect(channel.deadline).toBeUndefined();
  expect(channel.receive(numbered(2), 161).dropped?.reason).toBe('replayed');
  expect(arrive(channel, 4, 162)).toEqual([4]);
});

test('each frame waits for its own time, however long others waited before it', () => {
  const channel = channelOf({ ...lnsConfig, reordering });
  arrive(channel, 1, 0);
  arrive(channel, 3, 60);
  expect(arrive(channel, 0, 90)).toEqual([0, 1]);
  // The first is gone; the second has until 160.
  expect(channel.deadline).toBe(160);
  expect(octets(channel.tick(100))).toEqual([]);
  expect(arrive(channel, 2, 150)).toEqual([2, 3]);
});

test('the queue is bounded: one more goes on with all that waited before it', () => {
  const channel = channelOf({ ...lnsConfig, reordering });
  expect([9, 2, 4, 6].flatMap((ns) => arrive(channel, ns))).toEqual([]);
  expect(arrive(channel, 7)).toEqual([2, 4, 6, 7]);
  expect(arrive(channel, 8)).toEqual([8, 9]);
});

test('frames that wait are not in the buffer of the caller', () => {
  const channel = channelOf({ ...lnsConfig, reordering });
  const early = numbered(1);
  channel.receive(early, 0);
  early.body.fill(0xee);
  expect(arrive(channel, 0)).toEqual([0, 1]);
});

test('an LCP echo, and nothing else, carries the P bit where that is asked for (RFC 2661 3.1)', () => {
  const priority = (config: L2tpConfig, frame: readonly number[]) => {
    const packet = decodePacket(channelOf(config).wrap(Uint8Array.from(frame)));
    return packet.ok && packet.value.type === 'data' && packet.value.priority;
  };
  const prioritising = { ...lacConfig, dataHeader: { prioritisesEcho: true } } as const;
  const echo = [0xc0, 0x21, 9, 1];
  expect(priority(prioritising, echo)).toBe(true);
  expect(priority(prioritising, [0xff, 0x03, 0xc0, 0x21, 10, 1])).toBe(true);
  expect(priority(prioritising, [0xc0, 0x21, 1, 1])).toBe(false);
  expect(priority(prioritising, [0x00, 0x21, 9, 1])).toBe(false);
  expect(priority(lacConfig, echo)).toBe(false);
});
