import { expect, test } from 'vitest';
import { matchKeyword } from './keyword.ts';

const known = ['port', 'protocol', 'policy', 'ip', 'ippool'];

test('a unique leading part is enough, in capitals or not', () => {
  expect(matchKeyword('PROT', known)).toEqual({ ok: true, keyword: 'protocol' });
  expect(matchKeyword('policy', known)).toEqual({ ok: true, keyword: 'policy' });
});

test('a keyword typed in full wins over a longer one', () => {
  expect(matchKeyword('ip', known)).toEqual({ ok: true, keyword: 'ip' });
  expect(matchKeyword('ipp', known)).toEqual({ ok: true, keyword: 'ippool' });
});

test('what names several is ambiguous, and what names none gets the nearest', () => {
  expect(matchKeyword('p', known)).toEqual({
    ok: false,
    reason: '"p" is ambiguous: it may be port or protocol or policy',
  });
  expect(matchKeyword('protocoll', known)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('Did you mean protocol?'),
  });
  expect(matchKeyword('', known).ok).toBe(false);
});
