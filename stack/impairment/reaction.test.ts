import { expect, test } from 'vitest';
import { impairments } from './catalogue.ts';
import type { End } from './impairment.ts';
import { readImpairment } from './read-impairment.ts';
import { type Played, play, reasonToldBy, stoppedAt } from './testing/played.ts';

/** Without any impairment. */
const usual = play(undefined, 'client');

/** What it takes to say that an impairment did nothing: the whole connection is the usual one, octet for octet. */
function isSame({ wire }: Played, without: Played): boolean {
  return (
    wire.length === without.wire.length && wire.every((datagram, index) => datagram === without.wire[index])
  );
}

const drops = ({ facts }: Played, end: End) =>
  facts[end].flatMap((fact) => (fact.fact === 'packet-dropped' ? [fact.reason] : []));

/** Reasons of a stop that nobody hears: they are seen on the wire. */
const silent: readonly (string | undefined)[] = [
  'nothing-sent',
  'no-answer',
  'esp-never-sent',
  'no-traffic',
  'state-left-behind',
];

const examples = impairments.flatMap(({ examples: texts }) =>
  texts.flatMap((text): [End, string][] => {
    const chosen = readImpairment(text);
    if (typeof chosen === 'string') throw new Error(chosen);
    return chosen.ends.map((end) => [end, text]);
  }),
);

function expectMet(end: End, text: string, without: Played, played: Played): void {
  const chosen = readImpairment(text);
  if (typeof chosen === 'string') throw new Error(chosen);
  const { kind, drop, stop } = chosen.impairment.reaction(chosen.values, end);
  const other = end === 'client' ? 'responder' : 'client';

  expect(isSame(played, without)).toBe(false);
  if (drop !== undefined) {
    expect(drops(without, other)).not.toContain(drop);
    expect(drops(played, other)).toContain(drop);
  }
  expect(stoppedAt(played)).toBe(kind === 'gives-up' ? 'hold' : stop?.stage);
  if (stop !== undefined) {
    const reason = reasonToldBy(played.facts[other]);
    expect(silent.includes(stop.reason) ? undefined : stop.reason).toBe(reason);
  } else {
    expect(played.left[end]).toBe(0);
  }
  expect(played.left[other]).toBe(0);
}

test.each(examples)('%s:%s is met as a correct peer meets it', (end, text) => {
  expectMet(end, text, usual, play(text, end));
});

test.each<[End, string]>([
  ['client', 'drop:aggressive-mode:1'],
  ['responder', 'drop:aggressive-mode:2'],
  ['client', 'drop:aggressive-mode:3'],
  ['responder', 'delay:aggressive-mode:2'],
  ['client', 'duplicate:aggressive-mode:3'],
  ['client', 'wrong-hash'],
  ['responder', 'wrong-nat-d'],
  ['responder', 'truncated-payload'],
  ['responder', 'silent-at:phase1'],
])('%s:%s in aggressive mode, too', (end, text) => {
  expectMet(end, text, play(undefined, end, 'aggressive'), play(text, end, 'aggressive'));
});

test('without an impairment everything is done, and an end that did nothing is seen', () => {
  expect(stoppedAt(usual)).toBeUndefined();
  expect([usual.connected, usual.outlived]).toEqual([true, true]);
  expect(isSame(play(undefined, 'responder'), usual)).toBe(true);
});
