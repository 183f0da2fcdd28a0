import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { excludedBy, type Limit, noImpairments, noWindowsRule } from './limits.ts';

const noWeakRelease: Limit<'old' | 'new'> = {
  roles: ['responder'],
  excludes: ({ p2 }, release) => (p2 === '4' && release === 'new' ? 'it has no DES' : undefined),
  source: 'its list of algorithms',
};

test('the first limit that touches a cell says why, and how that is known', () => {
  const limits = [noWeakRelease, ...noImpairments];
  const of = cell('direct', { p2: '4', impair: 'responder:slow' });
  expect(excludedBy(limits, of, 'responder', 'new')).toBe('it has no DES (its list of algorithms)');
  expect(excludedBy(limits, of, 'responder', 'old')).toBe(
    'it cannot be told to misbehave as responder:slow asks (the driver)',
  );
  expect(excludedBy(limits, of, 'client', 'new')).toBeUndefined();
  expect(excludedBy(limits, cell('direct', { impair: 'loss' }), 'client', 'new')).toBe(
    'there is no impairment "loss" (the driver)',
  );
});

test('a cell that no limit touches can be played', () => {
  expect(
    excludedBy([noWeakRelease, ...noImpairments, noWindowsRule], cell('direct'), 'responder', 'new'),
  ).toBeUndefined();
});

test('the rule about NATed responders is asked of clients alone', () => {
  expect(excludedBy([noWindowsRule], cell('direct', { rule: '0' }), 'client', undefined)).toContain(
    'Windows',
  );
  expect(excludedBy([noWindowsRule], cell('direct', { reading: 'b' }), 'client', undefined)).toContain(
    'Windows',
  );
  expect(excludedBy([noWindowsRule], cell('direct', { rule: '0' }), 'responder', undefined)).toBeUndefined();
});
