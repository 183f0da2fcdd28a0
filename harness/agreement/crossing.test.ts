import { expect, test } from 'vitest';
import type { LadderEntry } from '../measure/ladder.ts';
import { crossingOf } from './crossing.ts';

function rung(kind: string, changes: Partial<LadderEntry> = {}): LadderEntry {
  return { atMs: 0, direction: 'to-responder', kind, size: 100, retransmission: false, ...changes };
}
const answer = { direction: 'to-client' } as const;

test('timers and load change nothing: repetitions, keepalives, how much ESP there is and who comes first', () => {
  const quiet = [
    rung('main mode 1'),
    rung('main mode 2', answer),
    rung('ESP in UDP'),
    rung('ESP in UDP', answer),
    rung('informational'),
    rung('informational', answer),
  ];
  const loaded = [
    rung('main mode 1'),
    rung('main mode 1', { retransmission: true }),
    rung('main mode 2', answer),
    rung('ESP in UDP', answer),
    rung('ESP in UDP'),
    rung('keepalive'),
    rung('ESP in UDP'),
    rung('informational', answer),
    rung('informational'),
  ];
  expect(crossingOf(loaded, true)).toEqual(crossingOf(quiet, true));
});

test.each<[what: string, ladder: readonly LadderEntry[]]>([
  ['a message more', [rung('main mode 1'), rung('ESP'), rung('informational')]],
  ['a message less', [rung('ESP')]],
  ['another order', [rung('ESP'), rung('main mode 1')]],
  ['another encapsulation', [rung('main mode 1'), rung('ESP in UDP')]],
  ['the other way', [rung('main mode 1', answer), rung('ESP')]],
])('%s is another crossing', (_, ladder) => {
  expect(crossingOf(ladder, true)).not.toEqual(crossingOf([rung('main mode 1'), rung('ESP')], true));
});

/** Phase 1, and so many quick modes of a client that is never let through, each with a delete for the one before. */
const tries = (count: number) => [
  rung('main mode 1'),
  ...Array.from({ length: count }, () => ['quick mode 1', 'informational', 'quick mode 3'])
    .flat()
    .map((kind) => rung(kind)),
  rung('informational'),
  rung('informational'),
];

test('how often a client that gets nowhere begins again changes nothing, and what it does each time does', () => {
  expect(crossingOf(tries(5), false)).toEqual(crossingOf(tries(4), false));
  expect(crossingOf(tries(5), true)).not.toEqual(crossingOf(tries(4), true));
  expect(crossingOf([...tries(4), rung('quick mode 1')], false)).not.toEqual(crossingOf(tries(4), false));
  expect(crossingOf(tries(0), false)).not.toEqual(crossingOf(tries(1), false));
  const silent = tries(4).filter(({ kind }) => kind !== 'informational');
  expect(crossingOf(silent, false)).not.toEqual(crossingOf(tries(4), false));
});
