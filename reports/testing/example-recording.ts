import { type CellLine, type Recording, type RunLine, recordingForm } from '../recording.ts';

export function exampleRun(changes: Partial<RunLine> = {}): RunLine {
  return {
    line: 'run',
    form: recordingForm,
    run: 'run-1',
    startedAt: '2026-01-02T23:30:00.000Z',
    durationMs: 60_000,
    command: 'npm test -- --tier nightly',
    notRun: 0,
    machine: 'x64, Linux 6.1',
    engine: 'Docker 20.10',
    checkout: '0123456789abcdef0123456789abcdef01234567',
    peers: { ts: ['ts stack 0a1b on Node v24'], strongswan: ['strongswan 5.9.8-5+deb12u5 with xl2tpd 1.3'] },
    ...changes,
  };
}

/** A cell that connected as it must, with what the test changes. */
export function exampleCell(cell: string, changes: Partial<CellLine> = {}): CellLine {
  return {
    line: 'cell',
    run: 'run-1',
    cell,
    repeat: 1,
    expected: ['connect'],
    verdict: 'pass',
    why: 'connected as expected, and every check holds',
    outcomes: ['connected'],
    ...changes,
  };
}

export function exampleRecording(cells: readonly CellLine[], run: Partial<RunLine> = {}): Recording {
  return { runs: [exampleRun(run)], labs: [], cells };
}
