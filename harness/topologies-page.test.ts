import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { topologyNames } from './topologies.ts';
import { topologiesPage, topologiesPageFile } from './topologies-page.ts';

test('docs/topologies.md shows the topologies as they are (`npm run docs` draws them anew)', () => {
  const page = readFileSync(topologiesPageFile, 'utf8');
  expect(topologiesPage(page)).toBe(page);
  for (const name of topologyNames()) expect(page).toContain(`### ${name}\n`);
});

test('a stale page is noticed, and what is written by hand stays', () => {
  const page = readFileSync(topologiesPageFile, 'utf8');
  const stale = page.replaceAll('198.18.2.10', '198.18.2.99');
  expect(stale).not.toBe(page);
  expect(topologiesPage(stale)).toBe(page);
  expect(() => topologiesPage('# Topologies\n')).toThrow('lost its marker line');
});
