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
  expect(crossingOf(loaded)).toEqual(crossingOf(quiet));
});

test.each<[what: string, ladder: readonly LadderEntry[]]>([
  ['a message more', [rung('main mode 1'), rung('ESP'), rung('informational')]],
  ['a message less', [rung('ESP')]],
  ['another order', [rung('ESP'), rung('main mode 1')]],
  ['another encapsulation', [rung('main mode 1'), rung('ESP in UDP')]],
  ['the other way', [rung('main mode 1', answer), rung('ESP')]],
])('%s is another crossing', (_, ladder) => {
  expect(crossingOf(ladder)).not.toEqual(crossingOf([rung('main mode 1'), rung('ESP')]));
});
