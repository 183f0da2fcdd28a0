import { expect, test } from 'vitest';
import { lostPackets } from './capture.ts';

// As tcpdump(8) ends: "packets captured" are those it processed, "received by filter" counts the kernel's
// drops in on Linux, "dropped by kernel" is for want of room.
const said = (segment: string, captured: number, received: number, dropped: number) => [
  `${segment}: tcpdump: listening on ${segment}, link-type EN10MB (Ethernet), snapshot length 262144 bytes`,
  `${segment}: ${captured} packets captured`,
  `${segment}: ${received} packets received by filter`,
  `${segment}: ${dropped} packets dropped by kernel`,
];

test('a complete capture lost nothing', () => {
  expect(lostPackets([...said('lan', 12, 12, 0), ...said('wan', 0, 0, 0)], ['lan', 'wan'])).toBe(0);
});

test('what the kernel dropped and what was never written is lost', () => {
  expect(lostPackets([...said('lan', 90, 100, 10), ...said('wan', 7, 9, 0)], ['lan', 'wan'])).toBe(12);
});

test('a segment without its account proves nothing', () => {
  expect(lostPackets(said('lan', 12, 12, 0), ['lan', 'wan'])).toBeUndefined();
  expect(lostPackets(said('lan', 12, 12, 0).slice(0, 3), ['lan'])).toBeUndefined();
});
