import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withSection } from './marked-file.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'crossnat-marked-')), 'page.md');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true }));

const [begin, end] = ['<!-- a:begin -->', '<!-- a:end -->'];

test('only the section of that name changes', () => {
  writeFileSync(file, `x\n${begin}\nold\n${end}\ny <!-- b:begin --> z <!-- b:end -->\n`);
  expect(withSection(file, 'a', 'new')).toBe(
    `x\n${begin}\nnew\n${end}\ny <!-- b:begin --> z <!-- b:end -->\n`,
  );
});

test.each([
  ['no marker'],
  [begin],
  [end],
  [`${end}${begin}`],
  [`${begin}${end}${begin}`],
  [`${begin}${end}${end}`],
])('%s is refused', (text) => {
  writeFileSync(file, text);
  expect(() => withSection(file, 'a', 'new')).toThrow(expect.objectContaining({ code: 'usage' }));
});
