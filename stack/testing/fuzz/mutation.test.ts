import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { longestInput, mutate } from './mutation.ts';
import { decodeScript, encodeScript, mutateScript, type Script, Step } from './script.ts';

const input = Uint8Array.from({ length: 60 }, (_, at) => at);
const other = new Uint8Array(40).fill(0xaa);

function mutants(seed: string, from = input): Uint8Array[] {
  const chance = new Chance(seed);
  return Array.from({ length: 500 }, () => mutate(chance, from, other));
}

test('mutations follow from the seed', () => {
  expect(mutants('one')).toEqual(mutants('one'));
  expect(mutants('one')).not.toEqual(mutants('two'));
});

test('a mutation leaves its input as it was, and is nearly always another one', () => {
  const before = input.slice();
  const same = mutants('one').filter((mutant) => Buffer.compare(mutant, input) === 0);
  expect(input).toEqual(before);
  expect(same.length).toBeLessThan(100);
});

test('a Buffer is left as it was, too', () => {
  const buffer = Buffer.from(input);
  const chance = new Chance('buffer');
  for (let round = 0; round < 2000; round++) mutate(chance, buffer, other);
  expect(Uint8Array.from(buffer)).toEqual(input);
});

test('mutants are shorter, longer, and of pieces of the other one, but never longer than allowed', () => {
  const lengths = mutants('one').map(({ length }) => length);
  expect(Math.min(...lengths)).toBeLessThan(input.length);
  expect(Math.max(...lengths)).toBeGreaterThan(input.length);
  expect(mutants('one').some((mutant) => mutant.includes(0xaa))).toBe(true);
  const long = mutants('one', new Uint8Array(longestInput - 1));
  expect(Math.max(...long.map(({ length }) => length))).toBe(longestInput);
});

test('nothing at all can be mutated, too', () => {
  const chance = new Chance('empty');
  const empty = new Uint8Array();
  for (let round = 0; round < 500; round++) {
    expect(mutate(chance, empty, empty)).toBeInstanceOf(Uint8Array);
    expect(mutateScript(chance, empty, empty)).toBeInstanceOf(Uint8Array);
  }
});

const script: Script = {
  scenario: 3,
  steps: Array.from({ length: 20 }, (_, at) => ({
    step: Step.ike,
    sender: 0,
    port: 500 + at,
    afterMs: 10 * at,
    octets: new Uint8Array(at),
  })),
};

test('a script is what was written; one that is cut short has the steps before', () => {
  const octets = encodeScript(script);
  expect(decodeScript(octets)).toEqual(script);
  expect(decodeScript(octets.subarray(0, octets.length - 20)).steps).toHaveLength(19);
  expect(decodeScript(new Uint8Array())).toEqual({ scenario: 0, steps: [] });
});

test('a mutated script stays what it was for the most part', () => {
  const chance = new Chance('script');
  const octets = encodeScript(script);
  for (let round = 0; round < 200; round++) {
    const { scenario, steps } = decodeScript(mutateScript(chance, octets, octets));
    expect(scenario).toBe(3);
    const kept = steps.filter(({ port, octets }) => port === 500 + octets.length);
    expect(kept.length).toBeGreaterThan(10);
  }
});
