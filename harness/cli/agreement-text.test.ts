import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { agreementText, disagreementTexts } from './agreement-text.ts';

const disagreements = [{ cell: 'office-nat', differences: ['verdict: pass (docker), fail (embedded)'] }];

test('the totals say how many cells are alike, and each other cell in what it is not', () => {
  expect(agreementText({ compared: 58, disagreements: [] })).toBe(
    '58 of 58 cells alike in the embedded fabric',
  );
  const some = { compared: 2, disagreements };
  expect(stripVTControlCharacters(agreementText(some))).toBe('1 of 2 cells alike in the embedded fabric');
  expect(disagreementTexts(some).map(stripVTControlCharacters)).toEqual([
    'disagreement  office-nat:\n      verdict: pass (docker), fail (embedded)',
  ]);
});
