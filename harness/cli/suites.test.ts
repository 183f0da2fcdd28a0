import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellId } from '../cell.ts';
import { listedCells } from './suites.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossnat-suites-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cellModule = JSON.stringify(join(import.meta.dirname, '..', 'cell.ts'));
const write = (name: string, body: string) =>
  writeFileSync(join(folder, name), `import { cell } from ${cellModule};\n${body}\n`);

const listed = async () => (await listedCells(folder)).map(({ cell, tier }) => `${cellId(cell)} ${tier}`);

test('a new suite is one file', async () => {
  write('b.cells.ts', `export const cells = [cell('direct')];`);
  write('a.cells.ts', `export const cells = [cell('hotel-nat')];`);
  write('helper.ts', `export const cells = [cell('office-nat')];`);
  expect(await listed()).toEqual(['hotel-nat gate', 'direct gate']);
});

test('a suite names its tier, and what a lower tier lists already is not played twice', async () => {
  write(
    'a.cells.ts',
    `export const tier = 'nightly';\nexport const cells = ['direct', 'hotel-nat'].map((t) => cell(t));`,
  );
  write('b.cells.ts', `export const cells = [cell('direct')];`);
  expect(await listed()).toEqual(['hotel-nat nightly', 'direct gate']);
});

test('a tier that does not exist is an error with the nearest name', async () => {
  write('a.cells.ts', `export const tier = 'nighty';\nexport const cells = [];`);
  await expect(listedCells(folder)).rejects.toMatchObject({
    doing: expect.stringContaining('a.cells.ts'),
    found: 'there is no tier "nighty"',
    remedy: expect.stringContaining('Did you mean nightly?'),
  });
});

test('a cell that is listed twice in one tier is an error, be it in one suite or in two', async () => {
  write('c.cells.ts', `export const cells = [cell('direct'), cell('direct', { p2: '1-2-3-4' })];`);
  const complaint = { found: 'the cell direct is listed twice in one tier' };
  await expect(listedCells(folder)).rejects.toMatchObject(complaint);
  rmSync(join(folder, 'c.cells.ts'));
  for (const name of ['d.cells.ts', 'e.cells.ts']) write(name, `export const cells = [cell('direct')];`);
  await expect(listedCells(folder)).rejects.toMatchObject(complaint);
});

test('a suite without cells is an error that names it', async () => {
  write('d.cells.ts', `export const sells = [cell('direct')];`);
  await expect(listedCells(folder)).rejects.toMatchObject({
    doing: expect.stringContaining('d.cells.ts'),
    found: 'it exports no list named cells',
  });
});
