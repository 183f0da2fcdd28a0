import { expect, test } from 'vitest';
import { isStale } from './stale-pid.ts';

// Lines as proc(5) describes /proc/PID/stat: id, name in brackets, state, parent.
test('an engine that runs is not stale', () => {
  expect(isStale('3114 (dockerd) S 1 3114 3114 0', 'dockerd')).toBe(false);
});

test.each([
  ['gone', undefined],
  ["somebody else's number", '3114 (node) S 1 3114 3114 0'],
  ['ended and not waited for', '3114 (dockerd) Z 1 3114 3114 0'],
  ['a name that only looks like it', '3114 (x) (dockerd) S 1 3114'],
])('%s is stale', (_, stat) => {
  expect(isStale(stat, 'dockerd')).toBe(true);
});
