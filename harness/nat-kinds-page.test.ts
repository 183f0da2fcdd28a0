import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { natKindNames } from './nat-kinds.ts';
import { natKindsPage, natKindsPageFile } from './nat-kinds-page.ts';

test('the page says what the files say: npm run docs', () => {
  const page = readFileSync(natKindsPageFile, 'utf8');
  expect(page).toBe(natKindsPage(page));
  for (const name of natKindNames()) expect(page).toContain(`### ${name}\n`);
});

test('a page without its marker is refused', () => {
  expect(() => natKindsPage('# NAT kinds\n')).toThrow(/lost its marker line/);
});
