import { expect, test } from 'vitest';
import { monotonicNow } from './clock.ts';
import { seededRandom, systemRandom } from './random.ts';

test('the same seed gives the same octets, however they are asked for', () => {
  const whole = seededRandom('office-nat')(40);
  const parts = seededRandom('office-nat');
  expect(Buffer.concat([parts(7), parts(0), parts(33)])).toEqual(Buffer.from(whole));
});

test('pieces that are longer than what is drawn at once, and not where that ends, are no others', () => {
  const whole = seededRandom('office-nat')(3000);
  const parts = seededRandom('office-nat');
  expect(Buffer.concat([parts(500), parts(1500), parts(7), parts(993)])).toEqual(Buffer.from(whole));
});

test('what was given stays as it was when the next is asked for', () => {
  const random = seededRandom('office-nat');
  const first = random(8);
  first.fill(0);
  expect(random(8)).toEqual(seededRandom('office-nat')(16).slice(8));
  expect(first).toEqual(new Uint8Array(8));
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
