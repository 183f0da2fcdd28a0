import { expect, test } from 'vitest';
import { remembered } from './remembered.ts';

test('each object is asked of once for each word, and gets its own answer', () => {
  const asked: string[] = [];
  const ask = remembered((of: { readonly name: string }, by: string) => {
    asked.push(`${of.name} ${by}`);
    return { text: `${by} of ${of.name}` };
  });
  const [one, other] = [{ name: 'one' }, { name: 'other' }];
  const first = ask(one, 'path');
  expect(first).toEqual({ text: 'path of one' });
  expect(ask(one, 'path')).toBe(first);
  expect(ask(one, 'places')).toEqual({ text: 'places of one' });
  expect(ask(other, 'path')).toEqual({ text: 'path of other' });
  expect(asked).toEqual(['one path', 'one places', 'other path']);
});

test('an object that is equal is another one', () => {
  const ask = remembered((of: { readonly size: number }, factor: number) => of.size * factor);
  expect(ask({ size: 2 }, 3)).toBe(6);
  expect(ask({ size: 3 }, 3)).toBe(9);
});

test('an error is thrown again, and not taken for an answer', () => {
  let times = 0;
  const ask = remembered((_: object, by: string) => {
    times += 1;
    throw new RangeError(`nothing of ${by}`);
  });
  const one = {};
  for (const _ of [1, 2]) expect(() => ask(one, 'x')).toThrow('nothing of x');
  expect(times).toBe(2);
});
