import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { CrossnatError, type ErrorCode } from '../error.ts';
import { errorStatus, errorText } from './error-text.ts';

const error = (code: ErrorCode) =>
  new CrossnatError(code, {
    doing: 'reading the options',
    found: 'there is none',
    remedy: 'npm run engine installs one',
  });

test('an error for people is two sentences: what was found where, and what to do', () => {
  expect(stripVTControlCharacters(errorText(error('usage')))).toBe(
    'Reading the options: there is none.\nnpm run engine installs one.',
  );
});

test('a bug keeps its trace', () => {
  expect(errorText(new TypeError('x is undefined'))).toMatch(/TypeError: x is undefined\n\s+at /);
});

test('statuses by kind', () => {
  expect(
    (['usage', 'bad-data', 'unavailable', 'broken', 'interrupted'] as const).map((code) =>
      errorStatus(error(code)),
    ),
  ).toEqual([2, 3, 3, 3, 130]);
  expect(errorStatus(new TypeError())).toBe(3);
});
