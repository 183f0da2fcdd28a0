import { expect, test } from 'vitest';
import { ControlChannel } from './channel.ts';

const timing = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 5 };
const message = (name: string) => ({ name, sessionId: 0, body: Uint8Array.of(1) });
const channelOf = (window = 4) => new ControlChannel<string>(timing, window);
const line = (t: { name: string; ns: number; nr: number; transmission: number }) =>
  `${t.name} ${t.ns} ${t.nr} ${t.transmission}`;

test('lock-step tunnel establishment has the numbers of RFC 2661 B.1', () => {
  const lac = channelOf();
  const lns = channelOf();
  lac.send(message('SCCRQ'));
  expect(lac.transmit(0).map(line)).toEqual(['SCCRQ 0 0 1']);
  expect(lns.accept(0, 'SCCRQ', 1).ready).toEqual(['SCCRQ']);
  lns.send(message('SCCRP'));
  expect(lns.transmit(0).map(line)).toEqual(['SCCRP 0 1 1']);
  lac.acknowledge(1, 0);
  lac.accept(0, 'SCCRP', 1);
  lac.send(message('SCCCN'));
  expect(lac.transmit(0).map(line)).toEqual(['SCCCN 1 1 1']);
  lns.acknowledge(1, 0);
  lns.accept(1, 'SCCCN', 1);
  expect(lns.transmit(0).map(line)).toEqual(['ZLB 1 2 1']);
});

test('a lost ICRP is repeated as in RFC 2661 B.2', () => {
  const lns = channelOf();
  lns.accept(0, 'SCCRQ', 1);
  lns.send(message('SCCRP'));
  lns.transmit(0);
  lns.acknowledge(1, 0);
  lns.accept(1, 'SCCCN', 1);
  lns.accept(2, 'ICRQ', 1);
  lns.send(message('ICRP'));
  expect(lns.transmit(100).map(line)).toEqual(['ICRP 1 3 1']);
  // The repeated ICRQ is acknowledged by a ZLB with Ns 2 and not processed again.
  expect(lns.accept(2, 'ICRQ', 1)).toEqual({ ready: [], duplicate: true });
  expect(lns.transmit(200).map(line)).toEqual(['ZLB 2 3 1']);
  lns.tick(1100);
  expect(lns.transmit(1100).map(line)).toEqual(['ICRP 1 3 2']);
});

test('gaps double up to the cap, and after the last transmission the peer is lost', () => {
  const channel = channelOf();
  channel.send(message('SCCRQ'));
  const times: number[] = [];
  let now = 0;
  for (; !channel.lost; now = channel.deadline ?? now) {
    channel.tick(now);
    if (channel.transmit(now).length > 0) times.push(now);
  }
  // RFC 2661 5.8: 1, 2, 4 s, capped at 8 s here.
  expect(times).toEqual([0, 1000, 3000, 7000, 15_000]);
  expect(now).toBe(23_000);
});

test('a retransmission carries the newest Nr', () => {
  const channel = channelOf();
  channel.send(message('HELLO'));
  channel.transmit(0);
  channel.accept(0, 'HELLO', 1);
  channel.transmit(1);
  channel.tick(1000);
  expect(channel.transmit(1000).map(line)).toEqual(['HELLO 0 1 2']);
});

test('the window opens by slow start and never beyond the receive window of the peer', () => {
  const channel = channelOf();
  channel.meet(3, timing);
  for (let index = 0; index < 10; index++) channel.send(message('HELLO'));
  const ns = (now: number) => channel.transmit(now).map((sent) => sent.ns);
  expect(ns(0)).toEqual([0]);
  channel.acknowledge(1, 1);
  expect(ns(1)).toEqual([1, 2]);
  channel.acknowledge(2, 2);
  expect(ns(2)).toEqual([3, 4]);
  channel.acknowledge(3, 3);
  expect(ns(3)).toEqual([5]);
});

test('a timeout sends the oldest message alone, and the others again as acknowledgements come', () => {
  const channel = channelOf();
  for (let index = 0; index < 4; index++) channel.send(message('HELLO'));
  const sent = (now: number) => channel.transmit(now).map((each) => [each.ns, each.transmission]);
  sent(0);
  channel.acknowledge(1, 10);
  expect(sent(10)).toEqual([
    [1, 1],
    [2, 1],
  ]);
  channel.tick(1010);
  expect(sent(1010)).toEqual([[1, 2]]);
  channel.acknowledge(2, 1020);
  expect(sent(1020)).toEqual([
    [2, 2],
    [3, 1],
  ]);
});

test('early messages are held within the window and come out in order', () => {
  const channel = channelOf(4);
  expect(channel.accept(2, 'c', 1).ready).toEqual([]);
  expect(channel.accept(2, 'c', 1).duplicate).toBe(true);
  expect(channel.accept(1, 'b', 1).ready).toEqual([]);
  expect(channel.accept(4, 'beyond the window', 1)).toEqual({ ready: [], duplicate: false, beyond: true });
  expect(channel.accept(0, 'a', 1).ready).toEqual(['a', 'b', 'c']);
  expect(channel.transmit(0).map(line)).toEqual(['ZLB 0 3 1']);
});

test('the 32768 numbers before the next expected one are duplicates (RFC 2661 5.8)', () => {
  const channel = channelOf();
  for (let ns = 0; ns < 16; ns++) channel.accept(ns, 'x', 1);
  // The RFC's example: 15 was the last; 0 to 15 and 32784 to 65535 are duplicates.
  for (const ns of [0, 15, 32_784, 65_535]) expect(channel.accept(ns, 'x', 1).duplicate).toBe(true);
  expect(channel.accept(32_783, 'x', 1).duplicate).toBe(false);
});

test('sequence numbers wrap', () => {
  const channel = channelOf();
  for (let ns = 0; ns <= 0xffff; ns++) channel.accept(ns, 'x', 1);
  expect(channel.accept(0, 'after the wrap', 1).ready).toEqual(['after the wrap']);
});

test('an Nr beyond what was sent acknowledges nothing', () => {
  const channel = channelOf();
  channel.send(message('SCCRQ'));
  channel.transmit(0);
  for (const nr of [2, 3, 0, 0x8000, 0xffff]) channel.acknowledge(nr, 1);
  expect(channel.quiet).toBe(false);
  channel.acknowledge(1, 1);
  expect(channel.quiet).toBe(true);
});

test('a peer that tells no window has one of 4 (RFC 2661 4.4.3)', () => {
  const channel = channelOf();
  for (let index = 0; index < 20; index++) channel.send(message('HELLO'));
  let [now, next] = [0, 0];
  let widest = 0;
  for (; !channel.quiet; now++) {
    widest = Math.max(widest, channel.transmit(now).length);
    channel.acknowledge(++next, now);
  }
  expect(widest).toBeLessThanOrEqual(4);
  // What the peer said first is kept for all: the window at the end is that of 4 on their way.
  for (let index = 0; index < 10; index++) channel.send(message('HELLO'));
  expect(channel.transmit(now)).toHaveLength(4);
});

test('the congestion window never exceeds that of the peer, and half of it is where slow start ends (RFC 2661 appendix A)', () => {
  const channel = channelOf();
  channel.meet(4, timing);
  for (let index = 0; index < 40; index++) channel.send(message('HELLO'));
  let acknowledged = 0;
  for (; acknowledged < 20; acknowledged++) {
    channel.transmit(0);
    channel.acknowledge(acknowledged + 1, 0);
  }
  channel.transmit(0);
  channel.tick(1000);
  // A timeout: one message; then by each acknowledgement 2, and from half of 4 on by 1/CWND: 2.5, 2.9, 3.2.
  const windows: number[] = [];
  let onTheirWay = 0;
  for (let step = 0; step < 5; step++) {
    onTheirWay += channel.transmit(1000).length;
    windows.push(onTheirWay);
    channel.acknowledge(++acknowledged, 1000);
    onTheirWay--;
  }
  expect(windows).toEqual([1, 2, 2, 2, 3]);
});

test('Ns and Nr wrap from 65535 to 0 on a channel that is used', () => {
  const [lac, lns] = [channelOf(), channelOf()];
  for (let count = 0; count < 0x1_0003; count++) {
    lac.send(message('HELLO'));
    for (const { ns } of lac.transmit(count)) lns.accept(ns, 'HELLO', 1);
    for (const { nr } of lns.transmit(count)) lac.acknowledge(nr, count);
    if (!lac.quiet) throw new Error(`message ${count} was not acknowledged`);
  }
  lac.send(message('HELLO'));
  expect(lac.transmit(0).map(line)).toEqual(['HELLO 3 0 1']);
});

test('a message that is acknowledged between its repetitions is not repeated again', () => {
  const channel = channelOf();
  channel.send(message('SCCRQ'));
  channel.transmit(0);
  channel.tick(1000);
  channel.transmit(1000);
  channel.acknowledge(1, 1500);
  expect([channel.deadline, channel.transmit(4000)]).toEqual([undefined, []]);
});

test('from the first answer of the peer on its messages have another timing', () => {
  const channel = new ControlChannel<string>({ ...timing, firstGapMs: 100, transmissions: 60 }, 4);
  channel.send(message('SCCRQ'));
  channel.transmit(0);
  expect(channel.deadline).toBe(100);
  channel.meet(4, timing);
  channel.acknowledge(1, 50);
  channel.send(message('SCCCN'));
  channel.transmit(60);
  expect(channel.deadline).toBe(1060);
});
