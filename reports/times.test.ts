import { expect, test } from 'vitest';
import type { CellLine, LabLine } from './recording.ts';
import { exampleCell, exampleRecording } from './testing/example-recording.ts';
import { timesReport } from './times.ts';

const lab = (id: string, topology: string, upMs: number): LabLine => ({
  line: 'lab',
  run: 'run-1',
  lab: id,
  topology,
  upMs,
});
const cell = (id: string, inLab: string, cellMs: number, changes: Partial<CellLine> = {}) =>
  exampleCell(id, { lab: inLab, cellMs, ...changes });

const labs = [
  lab('a', 'hotel-nat', 3000),
  lab('b', 'direct', 2000),
  lab('c', 'direct', 4000),
  lab('d', 'direct', 9000),
];
const cells = [
  cell('hotel-nat/client=strongswan', 'a', 5000),
  cell('direct/client=strongswan', 'b', 1500),
  cell('direct/client=strongswan/p2=1', 'b', 1000),
  cell('direct/client=strongswan/p2=2', 'b', 1200),
  cell('direct/client=strongswan/p2=3', 'b', 7000),
  // Neither of these is a connecting cell.
  cell('direct/client=strongswan/psk=wrong', 'b', 90_000, { outcomes: ['stopped at phase1: auth-failed'] }),
  cell('direct/client=strongswan/p2=4', 'b', 80_000, { verdict: 'fail' }),
  cell('direct/client=strongswan', 'c', 2500),
  // Strangers among themselves: whose time would it be?
  cell('direct/client=strongswan/responder=softether', 'd', 70_000),
];

test('labs, first and further connecting cells of each peer beside our stack, by topology', () => {
  const text = timesReport({ ...exampleRecording(cells), labs });
  expect(text.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
    '| `strongswan` as client | direct | 4.0 / 4.0 (2) | 2.5 / 2.5 (2) | 1.2 / 7.0 (3) |',
    '| `strongswan` as client | hotel-nat | 3.0 (1) | 5.0 (1) | · |',
  ]);
});

test('our stack on both sides and several clients are rows of their own', () => {
  const both = [cell('direct', 'b', 1000), cell('direct/responder=softether/clients=2', 'c', 2000)];
  const text = timesReport({ ...exampleRecording(both), labs });
  expect(text.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
    '| `softether` as responder, 2 clients | direct | 4.0 (1) | 2.0 (1) | · |',
    '| `ts` on both sides | direct | 2.0 (1) | 1.0 (1) | · |',
  ]);
});
