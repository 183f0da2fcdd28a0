import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explanations } from './explain.ts';
import { troubleshootingPage, troubleshootingPageFile } from './troubleshooting-page.ts';
import { windowsErrors } from './windows-errors.ts';

const page = readFileSync(troubleshootingPageFile, 'utf8');

test('docs/troubleshooting.md is what the explanations say (else: npm run docs)', () => {
  expect(page).toBe(troubleshootingPage(page));
});

test('everything that there is to say is on it, and every link leads to a heading', () => {
  for (const { means } of explanations) expect(page).toContain(means);
  for (const { number } of windowsErrors) expect(page).toContain(`\n| ${number} | `);
  // Markdown viewers name a heading by its words in small letters, without colons, with hyphens for blanks.
  const headings = [...page.matchAll(/^##+ (.*)$/gm)].map(([, text = '']) =>
    text.toLowerCase().replaceAll(':', '').replaceAll(' ', '-'),
  );
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, target = '']) => target);
  expect(links.length).toBeGreaterThan(windowsErrors.length);
  expect(links.filter((target) => !headings.includes(target))).toEqual([]);
  expect(new Set(headings).size).toBe(headings.length);
});

test('a page with another word is seen, and so is one without its marker', () => {
  const [first] = explanations;
  expect(page.replace(first?.means ?? '', 'something else')).not.toBe(troubleshootingPage(page));
  expect(() => troubleshootingPage('nothing')).toThrow('lost its marker');
});
