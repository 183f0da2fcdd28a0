import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { matrixAxes } from './axes.ts';
import { matrixPage, matrixPageFile } from './matrix-page.ts';

test('docs/matrix.md shows the axes as they are (`npm run docs` writes it anew)', () => {
  const page = readFileSync(matrixPageFile, 'utf8');
  expect(matrixPage(page)).toBe(page);
  for (const { name, values } of matrixAxes()) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    for (const value of values) expect(row).toContain(`\`${value}\``);
  }
});

test('a stale page is noticed, and a lost marker', () => {
  const page = readFileSync(matrixPageFile, 'utf8');
  const stale = page.replace('`ts:windows-xp-sp2`', '`ts:windows-98`');
  expect(matrixPage(stale)).toBe(page);
  expect(() => matrixPage('# The matrix\n')).toThrow('lost a marker line');
});
