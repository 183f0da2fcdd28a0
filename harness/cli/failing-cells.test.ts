import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { cell, cellId } from '../cell.ts';
import type { CellRecord } from '../record.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { failureTexts } from './failing-cells.ts';

const texts = (records: readonly CellRecord[]) =>
  failureTexts(records, 'results').map((text) => stripVTControlCharacters(text));

function failing(topology: string, p2: string, changes: Partial<CellRecord>): CellRecord {
  const axes = cell(topology, { p2 });
  const id = cellId(axes);
  return exampleRecord({
    cell: id,
    axes: { ...axes },
    verdict: 'fail',
    run: '20260102T030405-0a0b',
    replay: `npm test -- --cell ${id} --seed 1`,
    ...changes,
  });
}

test('a failure comes with its reason, the command that plays it again, and the directory of its captures', () => {
  const why = 'expected to connect, but stopped at phase2: no-proposal-chosen';
  const files = { captures: { access: 'cells/office-nat,p2=3/access.pcap' }, logs: {} };
  expect(texts([exampleRecord(), failing('office-nat', '3', { why, files })])).toEqual([
    `fail  office-nat/p2=3: ${why}`,
    '      again: npm test -- --cell office-nat/p2=3 --seed 1',
    '      files: results/20260102T030405-0a0b/cells/office-nat,p2=3',
  ]);
});

test('where nothing was captured there are only logs to name, and where there is nothing no directory', () => {
  const files = { captures: {}, logs: { client: 'cells/office-nat,p2=3@2/client.log' } };
  expect(texts([failing('office-nat', '3', { why: 'killed', verdict: 'broken', files })])).toContain(
    '      files: results/20260102T030405-0a0b/cells/office-nat,p2=3@2',
  );
  expect(texts([failing('office-nat', '3', { why: 'killed' })])).toHaveLength(2);
});

test('of a hundred cells that a box breaks in the same way there is one, with the number of the others', () => {
  const cells = Array.from({ length: 100 }, (_, index) => {
    const topology = index % 2 === 0 ? 'office-nat' : 'both-nat';
    const why = `probing gateway of ${topology}: forward of UDP 4500 is declared 10.0.0.2 and is closed`;
    return failing(topology, '1', { verdict: 'broken', why, repeat: index + 1 });
  });
  expect(texts(cells)).toEqual([
    `broken  office-nat/p2=1 (and 99 more cells alike): ${cells[0]?.why}`,
    '      again: npm test -- --cell office-nat/p2=1 --seed 1',
  ]);
});

test('of many reasons the first ones are told, and how many cells have others', () => {
  const cells = Array.from({ length: 24 }, (_, index) =>
    failing('direct', '1', { why: `reason ${index % 12}` }),
  );
  const lines = texts(cells);
  expect(lines).toHaveLength(10 * 2 + 1);
  expect(lines.at(-1)).toBe('and 4 more cells: results.jsonl says why, and how to play each again');
});
