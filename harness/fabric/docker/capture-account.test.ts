import { expect, test } from 'vitest';
import { accountOf, isDrained, lostPackets } from './capture-account.ts';

// As tcpdump(8) ends: "packets captured" are those it processed, "received by filter" counts the kernel's
// drops in on Linux, "dropped by kernel" is for want of room.
const said = (segment: string, captured: number, received: number, dropped: number) => [
  `${segment}: tcpdump: listening on ${segment}, link-type EN10MB (Ethernet), snapshot length 262144 bytes`,
  `${segment}: ${captured} packets captured`,
  `${segment}: ${received} packets received by filter`,
  `${segment}: ${dropped} packets dropped by kernel`,
];

test('a complete capture lost nothing', () => {
  expect(lostPackets([...said('lan', 12, 12, 0), ...said('wan', 0, 0, 0)], ['lan', 'wan'], true)).toBe(0);
});

test('what the kernel dropped and what was never written is lost', () => {
  expect(lostPackets([...said('lan', 90, 100, 10), ...said('wan', 7, 9, 0)], ['lan', 'wan'], false)).toBe(12);
});

test('what comes when a drained capture is told to end is none of it, and what the kernel had no room for is lost', () => {
  expect(lostPackets(said('lan', 90, 91, 0), ['lan'], true)).toBe(0);
  expect(lostPackets(said('lan', 90, 91, 0), ['lan'], false)).toBe(1);
  expect(lostPackets(said('lan', 90, 101, 10), ['lan'], true)).toBe(10);
});

test('a segment without its account proves nothing', () => {
  expect(lostPackets(said('lan', 12, 12, 0), ['lan', 'wan'], true)).toBeUndefined();
  expect(lostPackets(said('lan', 12, 12, 0).slice(0, 3), ['lan'], true)).toBeUndefined();
});

// As tcpdump(8) answers SIGUSR1: one line, while it goes on.
const asked = (segment: string, captured: number, received: number) =>
  `${segment}: tcpdump: ${captured} packets captured, ${received} packets received by filter, 0 packets dropped by kernel`;

test('an answer on the way is read like the account at the end, and the latest counts', () => {
  expect(accountOf([asked('lan', 7, 9), asked('lan', 9, 9)], 'lan')).toEqual({
    captured: 9,
    received: 9,
    dropped: 0,
  });
  expect(
    accountOf(
      ['lan: tcpdump: 1 packet captured, 1 packet received by filter, 0 packets dropped by kernel'],
      'lan',
    ),
  ).toEqual({
    captured: 1,
    received: 1,
    dropped: 0,
  });
});

test('a capture that has packets still to write is not drained', () => {
  expect(isDrained({ captured: 7, received: 9, dropped: 0 })).toBe(false);
  expect(isDrained({ captured: 9, received: 9, dropped: 0 })).toBe(true);
  expect(isDrained({ captured: 7, received: 9, dropped: 2 })).toBe(true);
});
