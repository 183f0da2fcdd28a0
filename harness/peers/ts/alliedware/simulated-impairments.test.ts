import { expect, test } from 'vitest';
import { impairments } from '../../../../stack/impairment/catalogue.ts';
import { readImpairment } from '../../../../stack/impairment/read-impairment.ts';
import { cell, cellId } from '../../../cell.ts';
import { knownImpair } from '../../../impairment.ts';
import { expectAsRuled, playInMemory } from '../../../runner/embedded/testing/in-memory.ts';

/** Each impairment with its usual values, by every end that can. */
const cells = impairments.flatMap(({ name }) => {
  const read = readImpairment(name);
  if (typeof read === 'string') throw new Error(read);
  return read.ends.map((end) => cell('office-nat', { impair: `${end}:${name}` }));
});
/** Reasons that an end gives; a silence is seen on the wire alone. */
const told = [
  'auth-failed',
  'id-mismatch',
  'no-proposal-chosen',
  'no-policy',
  'deleted-by-peer',
  'ppp-refused',
  'ppp-auth-failed',
];
const telling = cells.filter(({ impair }) => {
  const { stop } = knownImpair(impair).reaction;
  return stop === undefined || told.includes(stop.reason);
});

const play = (impair: string) => playInMemory(cell('office-nat', { impair })).clients;

test.each(telling.map((one) => [cellId(one), one] as const))('%s', (_, played) => {
  expectAsRuled(played, play(played.impair));
});

test('a client that behaves where it should not is seen', () => {
  expect(() => expectAsRuled(cell('office-nat', { impair: 'wrong-hash' }), play('none'))).toThrow(
    /auth-failed/,
  );
});
