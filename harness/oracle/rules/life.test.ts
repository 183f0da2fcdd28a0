import { expect, test } from 'vitest';
import { expectationFor } from '../oracle.ts';
import { exampleFacts } from '../testing/example-facts.ts';

// RFC 2409 5.4 and 5.5: six messages of main mode, three of quick mode; a fourth with the commit bit.
const counts = [
  { check: 'main-mode-messages', count: 6 },
  { check: 'quick-mode-messages', counts: [3, 4] },
];

test.each([0, 1])('rule WIRE-1 counts the messages of each of two clients (place %i)', (place) => {
  const { checks } = expectationFor(exampleFacts({ clients: 2, place }));
  expect(checks).toEqual(expect.arrayContaining(counts));
});

test('what is altered or lost is sent again: nothing is counted', () => {
  const impairment = { end: 'client', name: 'drop', values: ['main-mode', '5'] } as const;
  const { checks } = expectationFor(exampleFacts({ impairment }));
  expect(checks.map(({ check }) => check)).not.toContain('main-mode-messages');
});
