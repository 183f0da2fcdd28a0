import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fragment } from '../isakmp/fragment.ts';
import { FragmentAssembly } from './fragment-assembly.ts';

const octets = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);

/** A message in so many fragments. */
function cut(message: Uint8Array, count: number, id = 1): Fragment[] {
  const size = Math.ceil(message.length / count);
  return Array.from({ length: count }, (_, index) => ({
    id,
    number: index + 1,
    last: index === count - 1,
    data: message.subarray(index * size, (index + 1) * size),
  }));
}

/** What comes of fragments of one sender, all at once. */
function addAll(assembly: FragmentAssembly, parts: readonly Fragment[], from = 'peer', now = 0) {
  return parts.map((part) => assembly.add(from, part, now));
}

const message = octets(1000);

test('in whatever order and however often they come, the message is whole once, with the last that was missing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }).chain((count) => {
        const all = Array.from({ length: count }, (_, index) => index);
        return fc.tuple(
          fc.constant(count),
          fc.shuffledSubarray(all, { minLength: count }),
          fc.array(fc.integer({ min: 0, max: count - 1 }), { maxLength: 10 }),
        );
      }),
      ([count, order, again]) => {
        const parts = cut(message, count);
        const sequence = order.flatMap((index, place) => [
          index,
          ...again.filter(
            (each) => order.indexOf(each) < place && each !== index && place < order.length - 1,
          ),
        ]);
        const assembly = new FragmentAssembly();
        const results = addAll(
          assembly,
          sequence.flatMap((index) => parts[index] ?? []),
        );
        expect(results.map(({ message: whole }) => whole).filter((whole) => whole !== undefined)).toEqual([
          message,
        ]);
        expect(results.every(({ dropped }) => dropped === undefined)).toBe(true);
        expect(results.at(-1)?.message).toEqual(message);
        expect(assembly.size).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

test('one that is missing keeps the message back', () => {
  for (const missing of [0, 1, 2, 3]) {
    const results = addAll(new FragmentAssembly(), cut(message, 4).toSpliced(missing, 1));
    expect(results.every(({ message: whole }) => whole === undefined)).toBe(true);
  }
});

test('fragments of two senders, and of two messages, never meet', () => {
  const assembly = new FragmentAssembly();
  const [first, second] = cut(message, 2);
  if (first === undefined || second === undefined) throw new Error('two fragments');
  expect(assembly.add('one', first, 0)).toEqual({});
  expect(assembly.add('other', second, 0)).toEqual({});
  expect(assembly.add('one', { ...second, id: 2 }, 0)).toEqual({});
  expect(assembly.add('one', second, 0)).toEqual({ message });
});

const [one, two, three] = cut(message, 3) as [Fragment, Fragment, Fragment];
const contradictions: readonly (readonly [string, readonly Fragment[]])[] = [
  ['other octets under the same number', [one, { ...one, data: octets(7) }]],
  ['a fragment behind the last one', [two, { ...one, last: true }]],
  ['a last one before one that came', [{ ...two, last: true }, three]],
  ['two last ones', [{ ...one, last: false }, three, { ...two, last: true }]],
];

test.each(contradictions)(
  '%s: it is not mixed with what came before, and repetitions make the message whole',
  (_what, parts) => {
    const assembly = new FragmentAssembly();
    const results = addAll(assembly, parts);
    const contradicting = parts.at(-1);
    expect(results.slice(0, -1).every(({ dropped }) => dropped === undefined)).toBe(true);
    expect(results.at(-1)?.dropped).toBeDefined();
    // Alone it may be a message, which nothing but its sender can vouch for.
    for (const { message: whole } of results) if (whole) expect(whole).toEqual(contradicting?.data);
    const repeated = [1, 2].flatMap(() => addAll(assembly, [one, two, three]));
    expect(repeated.map(({ message: whole }) => whole)).toContainEqual(message);
  },
);

test('after 70 seconds what is not whole is forgotten ([MS-IKEE] note 17)', () => {
  const assembly = new FragmentAssembly();
  assembly.add('peer', one, 0);
  assembly.add('peer', two, 69_999);
  expect(assembly.add('peer', three, 70_000)).toEqual({});
  expect(assembly.size).toBe(1);
  const patient = new FragmentAssembly();
  addAll(patient, [one, two]);
  expect(patient.add('peer', three, 69_999)).toEqual({ message });
});

test('one sender has four messages under way at the most, all together 64', () => {
  const assembly = new FragmentAssembly();
  for (let id = 0; id < 1000; id++) assembly.add('greedy', { ...one, id }, 0);
  expect(assembly.size).toBe(4);
  // The others are not pushed out by the greedy one.
  assembly.add('modest', one, 0);
  for (let id = 0; id < 1000; id++) assembly.add('greedy', { ...one, id }, 0);
  expect(addAll(assembly, [two, three], 'modest').at(-1)).toEqual({ message });
  for (let index = 0; index < 1000; index++) assembly.add(`sender ${index}`, one, 0);
  expect(assembly.size).toBe(64);
});

test('a message of more octets than UDP carries is thrown away', () => {
  const assembly = new FragmentAssembly();
  const data = octets(1000);
  const results = Array.from({ length: 66 }, (_, index) =>
    assembly.add('peer', { id: 1, number: index + 1, last: false, data }, 0),
  );
  expect(results.findIndex(({ dropped }) => dropped !== undefined)).toBe(65);
  expect(assembly.size).toBe(0);
});
