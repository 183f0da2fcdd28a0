import { parseCellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { CellRecord } from '../record.ts';
import type { Topology } from '../topology.ts';
import { type Commonality, commonalityOf } from './commonality.ts';
import { attributes, valuesOf } from './consequences.ts';
import { type Deviation, deviationOf, deviationText, stepReached, stepToCompareFrom } from './deviation.ts';
import type { Row } from './row.ts';

/** Cells that failed in the same way. */
export interface FailureKind {
  readonly deviation: Deviation;
  /** Their ids, in the order of the run. */
  readonly cells: readonly string[];
  /** Of these alone; absent where one commonality explains all failures. */
  readonly commonality?: Commonality;
}

export interface Failures {
  /** Cells that failed. */
  readonly cells: number;
  readonly commonality: Commonality;
  /** The most frequent first. */
  readonly kinds: readonly FailureKind[];
}

/**
 * What the failing cells of a run have in common, all together, and where that explains not all, each kind of
 * failure for itself. `undefined` where no cell failed. Cells are compared that were judged: pass or fail.
 */
export function failuresOf(
  records: readonly CellRecord[],
  loadTopology: (name: string) => Topology,
): Failures | undefined {
  const judged = records.filter(
    ({ verdict, canary }) => !canary && (verdict === 'pass' || verdict === 'fail'),
  );
  const failing = judged.filter(({ verdict }) => verdict === 'fail');
  if (failing.length === 0) return undefined;
  const valuesOfRecord = remembering(loadTopology);
  const compare = (failed: readonly CellRecord[]) =>
    commonalityOf(rowsOf(failed, judged, valuesOfRecord), attributes);
  const commonality = compare(failing);
  const explainsAll = commonality.kind === 'exactly' || commonality.kind === 'unless';
  const groups = [...Map.groupBy(failing, (record) => textOf(record)).values()];
  const kinds = groups.map((group) => ({
    deviation: deviationIn(group),
    cells: [...new Set(group.map(({ cell }) => cell))],
    ...(!explainsAll && groups.length > 1 && { commonality: compare(group) }),
  }));
  return {
    cells: new Set(failing.map(({ cell }) => cell)).size,
    commonality,
    kinds: kinds.sort((a, b) => b.cells.length - a.cells.length),
  };
}

function textOf(record: CellRecord): string {
  return deviationText(deviationOf(record) ?? { kind: 'conflict' });
}

function deviationIn([record]: readonly CellRecord[]): Deviation {
  return (record && deviationOf(record)) ?? { kind: 'conflict' };
}

/** The failing cells, and those that passed and came further than the first of them; each cell once. */
function rowsOf(
  failing: readonly CellRecord[],
  judged: readonly CellRecord[],
  valuesOfRecord: (record: CellRecord) => Record<string, string> | undefined,
): Row[] {
  const from = Math.min(...failing.map(stepToCompareFrom));
  const passing = judged.filter((record) => record.verdict === 'pass' && stepReached(record) >= from);
  return [once(failing), once(passing)].flatMap((records, index) =>
    records.flatMap((record) => {
      const values = valuesOfRecord(record);
      return values === undefined ? [] : [{ failed: index === 0, values }];
    }),
  );
}

/** Of repetitions the first. */
function once(records: readonly CellRecord[]): CellRecord[] {
  return [...new Map(records.toReversed().map((record) => [record.cell, record])).values()].reverse();
}

/** A cell of which nothing is declared cannot be compared: it is left out, and its own text says what is wrong. */
function remembering(loadTopology: (name: string) => Topology) {
  const known = new Map<string, Record<string, string> | undefined>();
  return ({ cell: id }: CellRecord) => {
    if (!known.has(id)) {
      try {
        const cell = parseCellId(id);
        known.set(id, valuesOf(cell, loadTopology(cell.topology)));
      } catch (error) {
        if (!(error instanceof CrossnatError)) throw error;
        known.set(id, undefined);
      }
    }
    return known.get(id);
  };
}
