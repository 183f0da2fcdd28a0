import { expect, test } from 'vitest';
import { perfectLink, Segment } from './segment.ts';
import { VirtualTime } from './virtual-time.ts';

/** Sends so many packets at once and gives when each arrived, in the order of arrival. */
function arrivals(quality: Partial<typeof perfectLink>, count: number, chances: readonly number[] = []) {
  const time = new VirtualTime();
  let drawn = 0;
  const segment = new Segment('wire', time, () => chances[drawn++ % chances.length] ?? 0.5);
  segment.quality = { ...perfectLink, ...quality };
  const seen: { at: number; number: number | undefined }[] = [];
  segment.attach(2, ([number]) => seen.push({ at: time.now, number }));
  for (let number = 0; number < count; number++) segment.send(1, 2, Uint8Array.of(number, 0, 0));
  time.run(() => false, 1000);
  return { seen, segment };
}

test('a packet takes the latency of its wire, and is captured when it was sent', () => {
  const { seen, segment } = arrivals({ latencyMs: 7 }, 1);
  expect(seen).toEqual([{ at: 7, number: 0 }]);
  expect(segment.frames).toMatchObject([{ at: 0, from: 1, to: 2 }]);
});

test('a lost packet was on the wire all the same, and one that is doubled arrives twice', () => {
  const lossy = arrivals({ loss: 0.4 }, 2, [0.3, 0.6]);
  expect(lossy.seen.map(({ number }) => number)).toEqual([1]);
  expect(lossy.segment.frames).toHaveLength(2);
  expect(arrivals({ duplication: 1 }, 1).seen).toHaveLength(2);
});

test('with jitter packets overtake each other', () => {
  const { seen } = arrivals({ jitterMs: 10 }, 2, [0.9, 0.1]);
  expect(seen.map(({ number }) => number)).toEqual([1, 0]);
});

test('a rate makes packets wait for those before them', () => {
  // 3 octets at 0.024 Mbit/s take a millisecond.
  expect(arrivals({ rate: 0.024, latencyMs: 0 }, 3).seen.map(({ at }) => Math.round(at))).toEqual([1, 2, 3]);
});

test('where the queue is full the next one is dropped', () => {
  // One leaves, two wait.
  const narrow = arrivals({ rate: 0.024, queue: 2 }, 5);
  expect(narrow.seen.map(({ number }) => number)).toEqual([0, 1, 2]);
  expect(narrow.segment.frames).toHaveLength(5);
});

test('one that is reordered goes ahead of those that the latency holds', () => {
  const { seen } = arrivals({ latencyMs: 20, reordering: 0.5 }, 2, [0.9, 0.1]);
  expect(seen).toEqual([
    { at: 0, number: 1 },
    { at: 20, number: 0 },
  ]);
});

test('what does not fit is lost', () => {
  expect(arrivals({ mtu: 2 }, 1).seen).toEqual([]);
  expect(arrivals({ mtu: 3 }, 1).seen).toHaveLength(1);
});
