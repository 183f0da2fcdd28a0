import { type CellRecord, worksAfterAll } from '../../record.ts';
import { recordLine } from '../../records/record-line.ts';
import { cellDirectory } from '../../records/run-directory.ts';
import type { PlayedCell } from './cell-player.ts';

/** What a run keeps of its cells: in a large one much less than everything, so that its memory stays flat. */
export interface Keeping {
  /** Captures of every cell; else of those alone that are not as expected. */
  readonly allCaptures: boolean;
  /** Whole records in memory; else of cells that are not as expected. All are whole in `results.jsonl`. */
  readonly wholeRecords: boolean;
}

/** A cell as it goes from whoever played it to whoever records it. */
export interface CellReport {
  /** For `results.jsonl`, checked against the schema. */
  readonly line: string;
  /** For the run's summary. */
  readonly record: CellRecord;
  /** Files to be written, by their paths in the run's directory. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A record that asks for a second look. */
export function isUnexpected(record: CellRecord): boolean {
  return !['pass', 'unsupported', 'unavailable'].includes(record.verdict) || worksAfterAll(record);
}

/** @param name of the cell's directory */
export function reportOf({ record, captures }: PlayedCell, name: string, keeping: Keeping): CellReport {
  const unexpected = isUnexpected(record);
  const kept = Object.entries(keeping.allCaptures || unexpected ? captures() : {});
  const paths = kept.map(([segment]) => [segment, `${cellDirectory(name)}/${segment}.pcap`] as const);
  const whole = { ...record, files: { ...record.files, captures: Object.fromEntries(paths) } };
  return {
    line: recordLine(whole),
    record: keeping.wholeRecords || unexpected ? whole : lean(whole),
    files: Object.fromEntries(kept.map(([, bytes], index) => [paths[index]?.[1] ?? '', bytes])),
  };
}

/** What totals, the list of results and what failures have in common are made of. */
function lean({ observed, first, others, expectation, ...rest }: CellRecord): CellRecord {
  return {
    ...rest,
    ...(expectation && { expectation: { outcome: expectation.outcome, checks: [], rules: [] } }),
    ...(observed && {
      observed: { outcome: observed.outcome, stageReached: observed.stageReached, checks: [] },
    }),
    host: {},
    versions: {},
  };
}
