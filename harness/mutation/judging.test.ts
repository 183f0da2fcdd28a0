import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeDefects, withDefect } from './judge-defects.ts';

const defects = judgeDefects();

test('at least 45 defects of the judge are planted, each under a name of its own', () => {
  expect(new Set(defects.map(({ name }) => name)).size).toBe(defects.length);
  expect(defects.length).toBeGreaterThanOrEqual(45);
});

// `npm run mutate` has each of these judges decide again what the sound one decided.
test.each(defects.map((defect) => [defect.name, defect] as const))('%s: has its place', (_, defect) => {
  const source = readFileSync(join(import.meta.dirname, '..', defect.file), 'utf8');
  expect(withDefect(source, defect)).not.toBe(source);
});

test('what does not stand there, or stands there twice, is no place for a defect', () => {
  const defect = { name: '', file: '', written: 'a', instead: 'b' };
  expect(withDefect('xay', defect)).toBe('xby');
  expect(() => withDefect('xy', defect)).toThrow('stands there 0 times');
  expect(() => withDefect('xaya', defect)).toThrow('stands there 2 times');
});
