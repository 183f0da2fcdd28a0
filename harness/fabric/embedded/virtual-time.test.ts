import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualTime } from './virtual-time.ts';

test('what is planned happens in the order of its instants, and of planning within one', () => {
  const instants = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });
  fc.assert(
    fc.property(instants, (planned) => {
      const time = new VirtualTime();
      const happened: { at: number; order: number }[] = [];
      for (const [order, at] of planned.entries()) {
        time.at(at, () => happened.push({ at: time.now, order }));
      }
      time.run(() => false, 20);
      const expected = planned
        .map((at, order) => ({ at, order }))
        .sort((a, b) => a.at - b.at || a.order - b.order);
      expect(happened).toEqual(expected);
    }),
  );
});

test('nothing happens after the limit, and it is the limit then', () => {
  const time = new VirtualTime();
  let late = false;
  time.at(11, () => {
    late = true;
  });
  expect(time.run(() => late, 10)).toBe(false);
  expect([late, time.now]).toEqual([false, 10]);
  expect(time.run(() => late, 11)).toBe(true);
});

test('what plans itself for now without end is a bug that is named', () => {
  const time = new VirtualTime();
  const again = () => time.at(0, again);
  again();
  expect(() => time.run(() => false, 5)).toThrow('virtual time does not get past 0 ms');
});
