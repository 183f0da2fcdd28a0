import { expect, test } from 'vitest';
import { gapAfter, wholeInterval } from './retransmission.ts';

// RFC 2661 5.8: "after 1 second ... 2 seconds ... then 4 seconds", with a cap no lower than 8 s.
const timing = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 5 };

test('gaps double up to the cap', () => {
  expect([1, 2, 3, 4, 5, 6].map((n) => gapAfter(timing, n))).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
});

test('the whole interval adds the gap after every transmission', () => {
  expect(wholeInterval(timing)).toBe(1000 + 2000 + 4000 + 8000 + 8000);
});
