import { expect, test } from 'vitest';
import { monotonicNow } from './clock.ts';
import { seededRandom, systemRandom } from './random.ts';

test('the same seed gives the same octets, however they are asked for', () => {
  const whole = seededRandom('office-nat')(40);
  const parts = seededRandom('office-nat');
  expect(Buffer.concat([parts(7), parts(0), parts(33)])).toEqual(Buffer.from(whole));
});

test('another seed, and the next octets of the same seed, are others', () => {
  const random = seededRandom('office-nat');
  const first = random(32);
  expect(random(32)).not.toEqual(first);
  expect(seededRandom('hotel-nat')(32)).not.toEqual(first);
});

test('the system gives as many octets as asked, and others each time', () => {
  expect(systemRandom(16)).toHaveLength(16);
  expect(systemRandom(32)).not.toEqual(systemRandom(32));
});

test('the clock never goes back', () => {
  const readings = Array.from({ length: 1000 }, () => monotonicNow());
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
});
