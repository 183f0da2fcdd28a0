import { cell, cellId } from '../../cell.ts';
import { type CellRecord, recordSchemaVersion } from '../../record.ts';

/** A whole record for tests: a connected cell, with what the test changes. */
export function exampleRecord(changes: Partial<CellRecord> = {}): CellRecord {
  const axes = cell('office-nat');
  return {
    schema: recordSchemaVersion,
    run: '20260102T030405-0a0b',
    cell: cellId(axes),
    axes: { ...axes },
    repeat: 1,
    canary: false,
    fabric: 'docker',
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 1200,
    verdict: 'pass',
    why: 'connected, and every check holds',
    flaky: false,
    disputed: false,
    timerFactor: 1,
    seed: '1',
    versions: {},
    host: {},
    files: { captures: {}, logs: {} },
    replay: `npm test -- --cell ${cellId(axes)}`,
    ...changes,
  };
}
