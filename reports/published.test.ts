import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choicesReport } from './choices.ts';
import { readInputs } from './input.ts';
import { withSection } from './marked-file.ts';
import { pairsReport } from './pairs.ts';
import { timesReport } from './times.ts';

const top = join(import.meta.dirname, '..');
const recordedIn = join(import.meta.dirname, 'recorded');
const recording = readInputs(
  readdirSync(recordedIn)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(recordedIn, name)),
);
const reports = { pairs: pairsReport, choices: choicesReport, times: timesReport };
const pages = ['README.md', ...readdirSync(join(top, 'docs')).map((name) => join('docs', name))];
/** Every page with a section that a report makes. */
const sections = pages.flatMap((page) =>
  (['pairs', 'choices', 'times'] as const)
    .filter((name) => readFileSync(join(top, page), 'utf8').includes(`<!-- ${name}:begin -->`))
    .map((name) => ({ page, name })),
);

test('the README has the table of pairs', () => {
  expect(sections).toContainEqual({ page: 'README.md', name: 'pairs' });
});

test.each(sections)(
  '$name in $page is what reports/recorded/ says (else: npm run report -- $name reports/recorded/*.jsonl --write $page)',
  ({ page, name }) => {
    const text = readFileSync(join(top, page), 'utf8');
    expect(withSection(join(top, page), name, reports[name](recording))).toBe(text);
  },
);
