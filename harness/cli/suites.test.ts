import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listedCells } from './suites.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-suites-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cellModule = JSON.stringify(join(import.meta.dirname, '..', 'cell.ts'));
const write = (name: string, body: string) =>
  writeFileSync(join(folder, name), `import { cell } from ${cellModule};\n${body}\n`);

test('a new suite is one file', async () => {
  write('b.cells.ts', `export const cells = [cell('direct')];`);
  write('a.cells.ts', `export const cells = [cell('hotel-nat')];`);
  write('helper.ts', `export const cells = [cell('office-nat')];`);
  expect((await listedCells(folder)).map(({ topology }) => topology)).toEqual(['hotel-nat', 'direct']);
});

test('a cell that is listed twice is an error', async () => {
  write('c.cells.ts', `export const cells = [cell('direct'), cell('direct', { p2: '1-2-3-4' })];`);
  await expect(listedCells(folder)).rejects.toMatchObject({ found: 'the cell direct is listed twice' });
});

test('a suite without cells is an error that names it', async () => {
  write('d.cells.ts', `export const sells = [cell('direct')];`);
  await expect(listedCells(folder)).rejects.toMatchObject({
    doing: expect.stringContaining('d.cells.ts'),
    found: 'it exports no list named cells',
  });
});
