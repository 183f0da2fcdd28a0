import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { impairments } from '../stack/impairment/catalogue.ts';
import { impairmentsPage, impairmentsPageFile } from './impairments-page.ts';

const page = readFileSync(impairmentsPageFile, 'utf8');

test('docs/impairments.md is what the impairments say (else: npm run docs)', () => {
  expect(page).toBe(impairmentsPage(page));
});

test('a page without one of them is seen, and so is one without its marker', () => {
  const [first] = impairments;
  expect(page.replaceAll(`\`${first?.name}`, '`another')).not.toBe(impairmentsPage(page));
  expect(() => impairmentsPage('nothing')).toThrow('lost its marker');
});
